"""From a question to an answer: verdict, reasons on both sides, caveats and proof."""
