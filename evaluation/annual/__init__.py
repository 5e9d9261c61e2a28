"""年度考评: results told, units heard, decisions by people, proposals that follow, exports."""
