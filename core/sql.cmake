# embed_sql(OUT FILES...): core/sql/NNNN_name.sql becomes
# `static const char sql_NNNN_name[]` in one generated header.
function(embed_sql out_header)
  set(text "/* Made by core/sql.cmake; do not edit. */\n")
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND text
      "static const char sql_${name}[] = { ${bytes} 0 };\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  file(CONFIGURE OUTPUT ${out_header} CONTENT "${text}" @ONLY)
endfunction()
