"""How everything looks: colours, fonts, icons, and what a state looks like."""
