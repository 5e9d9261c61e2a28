"""总结报送: the report of a year, drafted from live data, sent, returned, accepted."""
