#pragma once
#define CONN_LIMIT 128
