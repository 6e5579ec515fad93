namespace Refrag.Acceptance.Tests.Served;

/// <summary>
/// <c>refrag serve --runner container</c> with a podman of its own. Started by the first test that asks for it, because a test can be
/// skipped and a fixture cannot.
/// </summary>
public sealed class ContainerServed : ServedBatch
{
    private readonly Podman _podman = new();
    private readonly SemaphoreSlim _once = new(1);
    private readonly string _secrets = SecretServed.WriteFile();

    protected override string[] Options => ["--runner", "container", "--secrets", _secrets];

    /// <summary>A variable of the server alone.</summary>
    public const string Secret = "SECRET_OF_THE_SERVER";

    protected override IEnumerable<(string Name, string Value)> Variables =>
        [("DOCKER_HOST", $"unix://{_podman.Socket}"), (Secret, "kept"), ("LC_ALL", "C")];

    /// <summary>The program with the container engine that the server has.</summary>
    public async Task<BuiltProgram> EngineClientAsync() => (await ClientAsync()).With("DOCKER_HOST", $"unix://{_podman.Socket}");

    public override ValueTask InitializeAsync() => _podman.InitializeAsync();

    /// <summary>The server, running; skips the test where no container can be started.</summary>
    public async Task<ServedBatch> ReadyAsync()
    {
        _ = _podman.Socket;
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Url.Length == 0) await StartAsync();
        }
        finally
        {
            _once.Release();
        }
        return this;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _podman.DisposeAsync();
        _once.Dispose();
    }
}
