namespace Refrag.Server.Limits;

/// <summary>What one client may take of the server. Everything beyond is refused or cut off.</summary>
internal static class ServerLimits
{
    /// <summary>
    /// The most bytes of a body. Batch's largest, a job, may have 30 KiB; the rest is room for what its documentation does not limit.
    /// </summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>The most bytes of a body that are read to be thrown away, so that a client hears why; a longer one is cut off.</summary>
    public const int DrainedBytes = 32 * 1024 * 1024;

    /// <summary>The deepest JSON. The deepest shape of Batch has 14 levels.</summary>
    public const int JsonDepth = 32;

    /// <summary>The most bytes of a request's first line. Fifty tag keys of 128 characters, each escaped, need 20 KiB.</summary>
    public const int RequestLineBytes = 32 * 1024;

    /// <summary>The most bytes of all headers; session tokens are long.</summary>
    public const int HeaderBytes = 32 * 1024;

    /// <summary>The most headers.</summary>
    public const int Headers = 64;

    /// <summary>The most connections at once.</summary>
    public const int Connections = 1024;

    /// <summary>The most readers of the event stream at once.</summary>
    public const int EventReaders = 64;

    /// <summary>How slow a body may come, in bytes a second, after <see cref="RateGrace"/>.</summary>
    public const double BytesPerSecond = 1024;

    /// <summary>
    /// How slow an answer may be taken. Whatever the system has taken off our hands counts as time that the client has, so that this
    /// bounds, with <see cref="SendBufferBytes"/>, how long one that reads nothing is kept: some ten seconds for each MiB of its answer.
    /// </summary>
    public const double AnswerBytesPerSecond = 64 * 1024;

    /// <summary>The most bytes of answers that the system holds for one client; left to itself it takes several MiB.</summary>
    public const int SendBufferBytes = 256 * 1024;

    /// <summary>How long a client may be slower than that.</summary>
    public static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long a request's headers may take.</summary>
    public static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    /// <summary>How long requests under way may take when the server stops.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);
}
