#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>
#include <QStyleOptionFocusRect>

#include "app/style/window_style.h"

namespace kasuri::app {
namespace {

TEST(WindowStyle, FocusIsADottedRingAndNoFill) {
  for (const auto appearance : {Theme::Appearance::Light, Theme::Appearance::Dark}) {
    const Theme theme = Theme::load(appearance);
    const WindowStyle style(theme);
    const QRgb ground = theme.color(QStringLiteral("row.selected")).rgb();
    const auto painted = [&](QStyle::State state) {
      QImage image(60, 22, QImage::Format_RGB32);
      image.fill(ground);
      QPainter painter(&image);
      QStyleOptionFocusRect option;
      option.rect = image.rect();
      option.state = state;
      style.drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, nullptr);
      return image;
    };
    const QImage keys =
        painted(QStyle::State_Enabled | QStyle::State_HasFocus | QStyle::State_KeyboardFocusChange);
    int inked = 0, blank = 0;
    for (int x = 2; x < keys.width() - 2; ++x) {
      inked += keys.pixel(x, 1) != ground;
      blank += keys.pixel(x, 1) == ground;
      EXPECT_EQ(keys.pixel(x, keys.height() / 2), ground) << "nothing inside";
    }
    EXPECT_GT(inked, 10);
    EXPECT_GT(blank, 10) << "dots";
    const QImage mouse = painted(QStyle::State_Enabled | QStyle::State_HasFocus);
    EXPECT_EQ(mouse.pixel(1, 1), ground) << "only where keys moved it";
  }
}

}  // namespace
}  // namespace kasuri::app
