"""The library of Kesheng: pure functions and models on Arrow, pandas and NumPy. No Spark, Airflow or Dash in here."""
