# kasuri-workbench: the window. Links no backend and no LLVM; every evaluation is a `kasuri worker`.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Concurrent Charts Svg LinguistTools)

function(kasuri_gui_layer name)
  set(sources "")
  foreach(folder ${ARGN})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp
         ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h)
    list(APPEND sources ${found})
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_compile_definitions(${name} PUBLIC QT_NO_CAST_TO_ASCII KASURI_VERSION="${PROJECT_VERSION}")
endfunction()

kasuri_gui_layer(app_session session)
target_link_libraries(app_session PUBLIC Qt6::Core Qt6::Gui Qt6::Concurrent
                      PRIVATE profiling_sentences)
kasuri_gui_layer(app_models models)
target_link_libraries(app_models PUBLIC app_session)
kasuri_gui_layer(app_views style graph charts panels)
target_link_libraries(app_views PUBLIC app_models Qt6::Widgets Qt6::Charts Qt6::Concurrent Qt6::Svg)
qt_add_resources(app_views resources PREFIX / BASE ${PROJECT_SOURCE_DIR}/resources FILES
  ${PROJECT_SOURCE_DIR}/resources/themes/light.json ${PROJECT_SOURCE_DIR}/resources/themes/dark.json
  ${PROJECT_SOURCE_DIR}/resources/models/small_cnn.ktxt)
qt_add_translation(translations ${PROJECT_SOURCE_DIR}/resources/translations/kasuri_ja.ts OPTIONS -silent)
qt_add_resources(app_views translations PREFIX /translations BASE ${CMAKE_CURRENT_BINARY_DIR} FILES ${translations})

add_executable(kasuri-workbench ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
target_link_libraries(kasuri-workbench PRIVATE app_views)
