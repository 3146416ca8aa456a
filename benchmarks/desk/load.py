"""Ask a running server for pages, so many each second whether it keeps up or not. A process of its own: no Tidemark.

python -m benchmarks.desk.load ADDRESS PAGES.JSON SECONDS : prints, as JSON, the milliseconds of each page's answers

People do not wait for each other: requests are due at random times (a Poisson process, the same for every run), and
an answer's time counts from when its request was due, so that a server that falls behind cannot hide it.
"""

import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urlsplit

A_SECOND = 20
_AT_ONCE = 64
_WARM_UP = 1  # rounds through all pages: templates are read, connections opened


def main(address: str, path: str, seconds: float) -> None:
    """Sign in, warm up, ask."""
    with open(path, encoding="utf-8") as file:
        told = json.load(file)
    cookies = {who: sign_in(address, email, told["password"]) for who, email in told["addresses"].items()}
    pages = told["pages"]
    for page in pages * _WARM_UP:
        ask(address, page["address"], cookies[page["who"]])
    chance = random.Random(1)
    found: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    lock = threading.Lock()
    began = due = time.perf_counter() + 0.5
    ends = began + seconds

    def measure(page: dict[str, str], due: float) -> None:
        status = ask(address, page["address"], cookies[page["who"]])
        took = 1000 * (time.perf_counter() - due)
        with lock:
            found[f"{page['who']}: {page['name']}"].append(took)
            if status != 200:
                wrong.append(f"{page['who']} {page['address']}: {status}")

    with ThreadPoolExecutor(_AT_ONCE) as crowd:
        while (due := due + chance.expovariate(A_SECOND)) < ends:
            time.sleep(max(0.0, due - time.perf_counter()))
            crowd.submit(measure, chance.choice(pages), due)
    print(json.dumps({"times": found, "wrong": wrong, "seconds": time.perf_counter() - began}))


_kept = threading.local()


def ask(address: str, path: str, cookie: str) -> int:
    """Get a page, whole, over this thread's connection, as a browser keeps it; return the status."""
    for is_last in (False, True):
        if getattr(_kept, "connection", None) is None:
            _kept.connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        try:
            _kept.connection.request("GET", path, headers={"Cookie": cookie})
            answer = _kept.connection.getresponse()
            answer.read()
        except (ConnectionError, OSError):
            _kept.connection = None  # the server had closed it meanwhile
            if is_last:
                raise
        else:
            return int(answer.status)
    raise AssertionError


def sign_in(address: str, email: str, password: str) -> str:
    """Sign in as a browser does, and return the session's cookie."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
    assert token, "the page of signing in has no form"
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {
        "Cookie": cookies_of(answer),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": address,
    }
    connection.request("POST", "/accounts/login/", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302, f"{email} could not sign in: {answer.status}"
    return cookies_of(answer)


def cookies_of(answer: HTTPResponse) -> str:
    """Return what a browser would send back."""
    return "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", []))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
