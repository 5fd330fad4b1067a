from pos_app.cli.ending import must_end
from pos_app.cli.main import main

raise SystemExit(must_end(main()))
