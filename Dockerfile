# The assistant with its index inside: `docker build -t keep-it-local . && docker run -p 7860:7860 keep-it-local`.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 KIL_HOST=0.0.0.0
WORKDIR /app

# On Linux pip's usual torch brings CUDA, some gigabytes that are not needed here. Give the address that PyTorch's
# own instructions name for the CPU build: --build-arg TORCH_INDEX_URL=...
ARG TORCH_INDEX_URL=""
COPY constraints.txt ./
RUN pip install --upgrade pip \
    && if [ -n "$TORCH_INDEX_URL" ]; then pip install -c constraints.txt --index-url "$TORCH_INDEX_URL" torch; fi

COPY pyproject.toml README.md LICENSE app.py ./
COPY assistant assistant
COPY ingest ingest
RUN pip install -c constraints.txt .

RUN useradd --create-home --uid 10001 reader && mkdir data && chown reader data
COPY corpus corpus
USER reader
RUN keep-it-local ingest

# The records of answers are kept here too: mount a volume to keep them beyond the container.
VOLUME /app/data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["keep-it-local", "serve"]
