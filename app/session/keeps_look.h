#pragma once

#include <QJsonObject>

namespace kasuri::app {

/// A view whose way of looking at a model belongs to the session.
class KeepsLook {
public:
    virtual ~KeepsLook() = default;
    virtual QJsonObject look() const = 0;
    /// Of the model that is open now; keys that are missing or not understood change nothing.
    virtual void restoreLook(const QJsonObject &look) = 0;
};

} // namespace kasuri::app
