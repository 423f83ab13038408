# Two Debian packages: kasuri (the command line) and kasuri-workbench (the window, which needs it).
# `./dev package` makes them.
include(GNUInstallDirs)
# Packaging takes what `./dev package` built and does not build the tests first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
install(TARGETS kasuri COMPONENT kasuri)
install(CODE "execute_process(COMMAND \"$<TARGET_FILE:kasuri>\" --version --licenses
  OUTPUT_FILE \"${PROJECT_BINARY_DIR}/third-party-licenses.txt\" COMMAND_ERROR_IS_FATAL ANY)"
  COMPONENT kasuri)
install(FILES ${PROJECT_BINARY_DIR}/third-party-licenses.txt DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT kasuri)
install(FILES LICENSE README.md CHANGELOG.md resources/desktop/copyright
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT kasuri)
if(TARGET kasuri-workbench)
  install(TARGETS kasuri-workbench COMPONENT workbench)
  install(FILES resources/desktop/copyright
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/kasuri-workbench COMPONENT workbench)
  install(FILES resources/desktop/kasuri-workbench.desktop
          DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT workbench)
  install(FILES resources/desktop/kasuri-mime.xml
          DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME kasuri.xml COMPONENT workbench)
  install(FILES resources/icons/kasuri.svg
          DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps COMPONENT workbench)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_VENDOR Kasuri)
set(CPACK_PACKAGE_CONTACT "Kasuri <kasuri@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Profiler and graph-rewriting workbench for ONNX models")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_KASURI_PACKAGE_NAME kasuri)
set(CPACK_DEBIAN_WORKBENCH_PACKAGE_NAME kasuri-workbench)
set(CPACK_DEBIAN_WORKBENCH_PACKAGE_DEPENDS "kasuri (= ${PROJECT_VERSION})")
# Japanese needs a font of its own; a report is printed to PDF by a browser.
set(CPACK_DEBIAN_WORKBENCH_PACKAGE_RECOMMENDS "fonts-noto-cjk")
set(CPACK_DEBIAN_KASURI_PACKAGE_SUGGESTS "chromium")
set(CPACK_COMPONENTS_ALL kasuri)
if(TARGET kasuri-workbench)
  list(APPEND CPACK_COMPONENTS_ALL workbench)
endif()
include(CPack)
