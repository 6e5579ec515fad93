namespace Refrag.Runners.Containers;

/// <summary>Where a container engine may listen.</summary>
internal static class DockerSocket
{
    private const string Scheme = "unix://";

    /// <summary>The sockets to try, the likeliest first. DOCKER_HOST, where it names a socket, is the only one.</summary>
    public static IReadOnlyList<string> Candidates(IReadOnlyDictionary<string, string> variables)
    {
        if (variables.GetValueOrDefault("DOCKER_HOST") is { Length: > 0 } host)
            return host.StartsWith(Scheme, StringComparison.Ordinal) ? [host[Scheme.Length..]] : [];
        string? user = variables.GetValueOrDefault("XDG_RUNTIME_DIR");
        string? home = variables.GetValueOrDefault("HOME");
        return
        [
            "/var/run/docker.sock",
            .. user is null ? Array.Empty<string>() : [Path.Combine(user, "docker.sock"), Path.Combine(user, "podman/podman.sock")],
            .. home is null ? Array.Empty<string>() : [Path.Combine(home, ".docker/run/docker.sock")],
            "/run/podman/podman.sock",
        ];
    }
}
