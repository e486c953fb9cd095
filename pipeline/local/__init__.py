"""Airflow on this machine: start its components, trigger, wait, stop. Imports no Airflow."""
