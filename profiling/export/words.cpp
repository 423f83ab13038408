#include "profiling/export/words.h"

#include "profiling/sentences/in_japanese.h"

namespace kasuri::profiling {

Words::Words(const std::string& language) : language_(language == "ja" ? "ja" : "en") {}

std::string Words::operator()(const std::string& english) const {
  if (language_ != "ja") return english;
  const char* found = japanese_of(english);
  return found != nullptr ? found : english;
}

std::string Words::reason(const std::string& said) const {
  return language_ == "ja" ? in_japanese(said) : said;
}

}  // namespace kasuri::profiling
