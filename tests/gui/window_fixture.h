#pragma once

#include <gtest/gtest.h>

#include <QList>
#include <QString>
#include <functional>
#include <memory>

#include "app/panels/main_window.h"
#include "app/style/theme.h"

namespace kasuri::app {

/// A real window on the bundled network, with the command line that was built.
class WindowFixture : public ::testing::Test {
 protected:
  using Phase = DocumentState::Phase;
  static constexpr int kOpenMs = 20000, kMeasureMs = 180000;

  void SetUp() override;

  static QString program();
  static QString sample();

  const DocumentState& state() { return window_->document().state(); }
  bool wait(const std::function<bool()>& done, int ms = kOpenMs);
  /// Until both versions are planned with the recipe as it is.
  bool described();
  void open(const QString& path);
  void measureQuickly();
  template <class Widget>
  Widget* find(const char* name = nullptr) {
    return name == nullptr ? window_->findChild<Widget*>()
                           : window_->findChild<Widget*>(QString::fromLatin1(name));
  }
  /// Shows and raises a dock.
  void raise(const char* dock);
  void screenshot(const QString& name, QWidget* of = nullptr);  ///< the window, or a dialogue

  Theme theme_;
  std::unique_ptr<MainWindow> window_;
};

/// Processes below this one whose command line has `word`, at any depth.
QList<qint64> childrenWith(const QByteArray& word);

}  // namespace kasuri::app
