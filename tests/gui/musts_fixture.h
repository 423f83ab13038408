#pragma once

#include <gtest/gtest.h>

#include <QString>
#include <functional>
#include <memory>

#include "app/panels/main_window.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// Expectations 1 to 17 of the product: one real window with a real network (SqueezeNet 1.1 as
/// torchvision exports it), measured once; every test looks at it and leaves it as it was. Skipped
/// without the shared models.
class Musts : public ::testing::Test {
 protected:
  using Phase = DocumentState::Phase;
  static constexpr int kOpenMs = 20000, kMeasureMs = 120000;

  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;

  static QString program();
  static QString model(const char* path);  ///< below shared/models
  static QString network() { return model("full/tv_squeezenet1_1_torch1.13.onnx"); }
  static bool wait(const std::function<bool()>& done, int ms = kOpenMs);

  MainWindow& window() { return *window_; }
  const DocumentState& state() { return window_->document().state(); }
  /// Until both versions are planned with the recipe as it is.
  static bool described(MainWindow& window);
  /// Until what runs is over.
  bool settled();
  void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
  template <class Widget>
  Widget* find(const char* name = nullptr) {
    return name == nullptr ? window_->findChild<Widget*>()
                           : window_->findChild<Widget*>(QString::fromLatin1(name));
  }
  /// Written by the window into a folder of the suite.
  QString exported(ExportKind kind, const char* name);

  static Theme theme_;
  static std::unique_ptr<MainWindow> window_;
};

}  // namespace kasuri::app
