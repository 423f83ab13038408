#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

// A class of the application has at most twelve public methods: those a caller has to know. Not
// counted are constructors, destructors, what is defaulted or deleted, signals, types.
namespace {

namespace fs = std::filesystem;

constexpr size_t kMost = 12;

fs::path source_root() {
  const char* root = std::getenv("KASURI_SOURCE");
  return root ? fs::path(root) : fs::current_path();
}

std::string without_comments(std::string text) {
  static const std::regex kNoise(
      R"(//[^\n]*|/\*[^]*?\*/|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])'|#[^\n]*|\bQ_OBJECT\b)");
  return std::regex_replace(text, kNoise, " ");
}

struct ClassBody {
  std::string name, text;
  bool is_struct = false;
};

std::vector<ClassBody> classes_of(const std::string& text) {
  static const std::regex kHead(R"((enum\s+)?\b(class|struct)\s+(\w+)\s*(final\s*)?(:[^;{]*)?\{)");
  std::vector<ClassBody> classes;
  for (std::sregex_iterator it(text.begin(), text.end(), kHead), end; it != end; ++it) {
    if ((*it)[1].matched) continue;
    const size_t begin = static_cast<size_t>(it->position() + it->length());
    size_t at = begin;
    for (int depth = 1; depth > 0 && at < text.size(); ++at)
      depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
    classes.push_back({(*it)[3], text.substr(begin, at - begin - 1), (*it)[2] == "struct"});
  }
  return classes;
}

/// The declarations in the public parts of a class, without the bodies of inline functions.
std::vector<std::string> public_declarations(const ClassBody& body) {
  static const std::regex kAccess(R"(\s*(public|protected|private|signals)(\s+slots)?\s*)");
  std::vector<std::string> found;
  bool is_public = body.is_struct;
  int braces = 0, brackets = 0;
  std::string now;
  const auto finish = [&] {
    if (is_public && now.find('(') != std::string::npos) found.push_back(now);
    now.clear();
  };
  for (size_t i = 0; i < body.text.size(); ++i) {
    const char c = body.text[i];
    const bool scope = c == ':' && (i + 1 == body.text.size() || body.text[i + 1] != ':') &&
                       (i == 0 || body.text[i - 1] != ':');
    brackets += c == '(' ? 1 : c == ')' ? -1 : 0;
    std::smatch access;
    if (c == '{' && brackets == 0) {
      ++braces;
    } else if (c == '}' && brackets == 0) {
      const bool has_arguments = now.find('(') != std::string::npos;
      const size_t next = body.text.find_first_not_of(" \n\t", i + 1);
      const bool goes_on = next != std::string::npos && body.text[next] == ';';
      if (--braces == 0 && (has_arguments || !goes_on)) finish();
    } else if (braces > 0) {
      continue;
    } else if (c == ';' && brackets == 0) {
      finish();
    } else if (scope && brackets == 0 && std::regex_match(now, access, kAccess)) {
      is_public = access[1] == "public";
      now.clear();
    } else {
      now += c;
    }
  }
  return found;
}

/// What stands before the argument list; brackets inside <> are those of a type.
std::string head_of(const std::string& declaration) {
  int angles = 0;
  for (size_t i = 0; i < declaration.size(); ++i) {
    angles += declaration[i] == '<' ? 1 : declaration[i] == '>' ? -1 : 0;
    const bool is_operator = declaration.substr(0, i).find("operator") != std::string::npos;
    if (declaration[i] == '(' && (angles == 0 || is_operator)) return declaration.substr(0, i);
  }
  return "";
}

bool is_method(const std::string& declaration, const std::string& class_name) {
  static const std::regex kOther(R"(\b(using|typedef|friend|static_assert|enum|Q_DECLARE\w*)\b)");
  static const std::regex kName(R"((~?\w+|operator\s*\S+)\s*$)");
  static const std::regex kSpecial(R"(=\s*(default|delete)\s*$)");
  const std::string head = head_of(declaration);
  const bool is_operator = head.find("operator") != std::string::npos;
  std::smatch name;
  if (std::regex_search(declaration, kOther) || std::regex_search(declaration, kSpecial) ||
      (head.find('=') != std::string::npos && !is_operator) ||
      !std::regex_search(head, name, kName))
    return false;
  return name[1] != class_name && name[1] != "~" + class_name;
}

std::vector<std::string> public_methods(const ClassBody& body) {
  std::vector<std::string> methods;
  for (const std::string& declaration : public_declarations(body))
    if (is_method(declaration, body.name)) methods.push_back(declaration);
  return methods;
}

TEST(PublicMethods, AreCounted) {
  const auto classes = classes_of(without_comments(R"(
enum class Kind { A, B };
class Example : public Base {
  Q_OBJECT
 public:
  explicit Example(int a);  // not counted
  ~Example() override;
  Example(const Example&) = delete;
  int one() const { return std::max(1, 2); }  ///< inline
  void two(std::function<void()> done = {});
  static Example three();
  bool operator==(const Example&) const = default;
  using Callback = std::function<void(int)>;
  struct Inner {
    int held = 0;
    int inside() const;
  };
  std::function<void()> member;
  int set = std::max(1, 2);
 signals:
  void changed();
 private:
  void hidden();
};)"));
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].name, "Example");
  EXPECT_EQ(public_methods(classes[0]).size(), 3U) << "one, two, three";
  EXPECT_EQ(public_methods(classes[1]).size(), 1U) << "the inner struct counts for itself";
}

TEST(PublicMethods, NoClassOfTheApplicationHasMoreThanTwelve) {
  size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(source_root() / "app")) {
    if (entry.path().extension() != ".h") continue;
    std::ifstream in(entry.path());
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    for (const ClassBody& body : classes_of(without_comments(text))) {
      const auto methods = public_methods(body);
      seen += methods.size();
      std::ostringstream list;
      for (const std::string& method : methods) list << "\n  " << method;
      EXPECT_LE(methods.size(), kMost)
          << fs::relative(entry.path(), source_root()).string() << ": " << body.name << list.str();
    }
  }
  EXPECT_GT(seen, 200U) << "finds what it counts";
}

TEST(PublicMethods, TheMainWindowStaysSmall) {
  for (const auto& entry : fs::directory_iterator(source_root() / "app/panels")) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("main_window", 0) != 0) continue;
    std::ifstream in(entry.path());
    EXPECT_LT(std::count(std::istreambuf_iterator<char>(in), {}, '\n'), 300) << name;
  }
}

}  // namespace
