#include "profiling/dynamic/denoise_run.h"

#include <algorithm>
#include <cmath>

#include "profiling/clock.h"
#include "profiling/dynamic/denoise_quality.h"

namespace kasuri::profiling {
namespace {

double relative_difference(std::span<const float> a, std::span<const float> b) {
  double difference = 0, size = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    const double d = static_cast<double>(a[k]) - b[k];
    difference += d * d;
    size += static_cast<double>(a[k]) * a[k];
  }
  return std::sqrt(difference / std::max(size, 1e-12));
}

double log_ratio(double alpha) { return 0.5 * std::log(alpha / std::max(1 - alpha, 1e-12)); }

/// Predictions of the image, and where the line through the last two leads.
class Previews {
 public:
  explicit Previews(const NoiseSchedule& schedule) : schedule_(schedule) {}

  bool has_line() const { return !before_.empty(); }
  const std::vector<float>& last() const { return last_; }
  void add(double at, std::vector<float> image) {
    before_ = std::move(last_);
    before_at_ = last_at_;
    last_ = std::move(image);
    last_at_ = at;
  }
  void continued(double at, std::span<float> image) const {
    const double slope = (at - last_at_) / (last_at_ - before_at_);
    for (size_t k = 0; k < image.size(); ++k) {
      double value = last_[k] + slope * (static_cast<double>(last_[k]) - before_[k]);
      if (schedule_.clip) value = std::clamp(value, schedule_.low, schedule_.high);
      image[k] = static_cast<float>(value);
    }
  }

 private:
  const NoiseSchedule& schedule_;
  std::vector<float> last_, before_;
  double last_at_ = 0, before_at_ = 0;
};

/// How many steps may pass until the network is asked again.
class Stride {
 public:
  explicit Stride(const StepRule& rule) : rule_(rule) {}
  int64_t steps() const {
    return rule_.stride > 0 ? rule_.stride : std::max<int64_t>(1, static_cast<int64_t>(stride_));
  }
  void observe(double error) {
    const double factor = 0.9 * std::sqrt(rule_.skip_error / std::max(error, 1e-9));
    stride_ = std::clamp(static_cast<double>(steps()) * std::clamp(factor, 0.4, 2.0), 1.0,
                         static_cast<double>(rule_.longest));
  }

 private:
  const StepRule& rule_;
  double stride_ = 1;
};

class Denoising {
 public:
  Denoising(DenoiserModel& model, const NoiseSchedule& schedule, const DenoiseRequest& request)
      : model_(model),
        schedule_(schedule),
        request_(request),
        previews_(schedule),
        stride_(request.rule),
        random_(request.seed) {}

  Result<DenoisedImage> run(std::span<const float> noise, const TaskContext& task) {
    made_.image.assign(noise.begin(), noise.end());
    const std::vector<int64_t> times = schedule_.timesteps(request_.rule.steps);
    int64_t next_answer = 0;
    for (size_t step = 0; step < times.size(); ++step) {
      KASURI_RETURN_IF_ERROR(task.cancel.check());
      const double from = schedule_.alpha(times[step]);
      const double to = schedule_.alpha(step + 1 < times.size() ? times[step + 1] : -1);
      std::vector<float> image(noise.size());
      const bool last = step + 1 == times.size();
      if (static_cast<int64_t>(step) >= next_answer || must_ask() || last) {
        KASURI_RETURN_IF_ERROR(ask(times[step], from, image, task));
        if (stands_still(image)) {
          made_.stopped_at = static_cast<int64_t>(step);
          made_.image = image;
          break;
        }
        previews_.add(log_ratio(from), image);
        next_answer = static_cast<int64_t>(step) + stride_.steps();
      } else if (previews_.has_line()) {
        previews_.continued(log_ratio(from), image);
      } else {
        image = previews_.last();
      }
      denoise_step(request_.sampler, from, to, image, made_.image, random_);
    }
    return std::move(made_);
  }

 private:
  /// A line takes two answers; a fixed stride holds the first one until the second.
  bool must_ask() const {
    return request_.rule.stride > 0 ? previews_.last().empty() : !previews_.has_line();
  }

  Status ask(int64_t time, double alpha, std::span<float> image, const TaskContext& task) {
    std::vector<float> prediction(image.size());
    KASURI_RETURN_IF_ERROR(model_.predict(made_.image, time, request_.label, schedule_.null_class,
                                          request_.guidance, prediction, task));
    ++made_.evaluations;
    predicted_image(schedule_, alpha, made_.image, prediction, image);
    if (previews_.has_line() && request_.rule.skip_error > 0) {
      std::vector<float> guess(image.size());
      previews_.continued(log_ratio(alpha), guess);
      stride_.observe(relative_difference(image, guess));
    }
    return ok_status();
  }

  bool stands_still(std::span<const float> image) {
    if (previews_.last().empty()) return false;
    const double change = relative_difference(image, previews_.last());
    made_.changes.push_back(change);
    const StepRule& rule = request_.rule;
    if (rule.stop_change <= 0 || change > rule.stop_change) return false;
    return rule.stop_ssim <= 0 || ssim(image, previews_.last(), model_.image_extents(),
                                       schedule_.high - schedule_.low) >= rule.stop_ssim;
  }

  DenoiserModel& model_;
  const NoiseSchedule& schedule_;
  const DenoiseRequest& request_;
  Previews previews_;
  Stride stride_;
  std::mt19937_64 random_;
  DenoisedImage made_;
};

}  // namespace

int64_t evaluations_at_stride(int64_t steps, int64_t stride) {
  return steps < 2 ? steps : 2 + (steps - 2) / std::max<int64_t>(1, stride);
}

int64_t stride_for(int64_t steps, double evaluations) {
  int64_t stride = 1;
  while (stride<steps&& static_cast<double>(evaluations_at_stride(steps, stride))> evaluations)
    ++stride;
  return stride;
}

Result<DenoisedImage> denoise(DenoiserModel& model, const NoiseSchedule& schedule,
                              const DenoiseRequest& request, std::span<const float> noise,
                              const TaskContext& task) {
  const Stopwatch clock;
  KASURI_TRY(DenoisedImage made, Denoising(model, schedule, request).run(noise, task));
  made.ms = clock.milliseconds();
  return made;
}

}  // namespace kasuri::profiling
