"""Each node sends its number to node 0, which adds them up and sends the sum to all."""
import os
import socket
import time

rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
address = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))


def main():
    # On every interface: the other nodes come from elsewhere.
    with socket.create_server(("", address[1])) as server:
        others = [server.accept()[0] for _ in range(size - 1)]
        total = sum(int(other.recv(16)) for other in others)
        for other in others:
            other.sendall(str(total).encode())
            # Node 0's end is the job's: it waits until the others have read.
            other.recv(16)
            other.close()
    return total


def other():
    # The main node may start later than this one.
    end = time.monotonic() + 60
    while True:
        try:
            connection = socket.create_connection(address, timeout=60)
            break
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
    with connection:
        connection.sendall(str(rank).encode())
        total = int(connection.recv(16))
        print("node %d of %d: the sum is %d" % (rank, size, total), flush=True)
        connection.sendall(b"read")
    return total


if rank == 0:
    print("node 0 of %d: the sum is %d" % (size, main()))
else:
    other()
