# The assistant with its index inside: `docker build -t keep-it-local . && docker run -p 7860:7860 keep-it-local`.
FROM python:3.11-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HF_HUB_OFFLINE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app

# On Linux pip's usual torch brings CUDA, some gigabytes that are not needed here. Give the address that PyTorch's
# own instructions name for the CPU build: --build-arg TORCH_INDEX_URL=...
ARG TORCH_INDEX_URL=""
COPY constraints.txt ./
RUN pip install pip==26.3 \
    && if [ -n "$TORCH_INDEX_URL" ]; then pip install -c constraints.txt --index-url "$TORCH_INDEX_URL" torch; fi

COPY pyproject.toml README.md LICENSE app.py ./
COPY assistant assistant
COPY ingest ingest
RUN pip install -c constraints.txt ".[postgres]"

COPY corpus corpus
# The search makes the vectors of words too, which the first start would have to make.
RUN keep-it-local ingest && keep-it-local search community > /dev/null

# What is needed to run, and nothing that was needed to build.
FROM python:3.11-slim-bookworm

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HF_HUB_OFFLINE=1 KIL_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY corpus corpus
COPY --from=build --chown=10001:10001 /app/data data
USER 10001:10001

# The index is here, and the records too unless KIL_DATABASE_URL names a database: mount a volume to keep them.
VOLUME /app/data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('KIL_PORT', '7860') + '/healthz', timeout=4)"]
CMD ["keep-it-local", "serve"]
