#pragma once

#include <CLI/CLI.hpp>

namespace kasuri::cli {

/// For options that take a SPEC: the name of an existing file is replaced by what stands in it
/// (items separated by commas or lines; a # at the start of a line or after a blank begins a
/// comment).
CLI::Validator recipe_or_file();

}  // namespace kasuri::cli
