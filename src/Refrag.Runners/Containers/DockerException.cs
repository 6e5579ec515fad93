using System.Net;

namespace Refrag.Runners.Containers;

/// <summary>The container engine refused, or could not be reached.</summary>
/// <param name="status">What it answered; null if it did not.</param>
/// <param name="message">What it said.</param>
internal sealed class DockerException(HttpStatusCode? status, string message) : Exception(message)
{
    /// <summary>What it answered; null if it did not.</summary>
    public HttpStatusCode? Status => status;

    /// <summary>Whether there is no such thing.</summary>
    public bool IsNotFound => status is HttpStatusCode.NotFound;

    /// <summary>Whether the engine could not be reached, or went away while it answered.</summary>
    public bool IsAway { get; init; }

    /// <summary>Whether asking again may help.</summary>
    public bool IsTransient => status is null or >= HttpStatusCode.InternalServerError;
}
