using Refrag.Aws.Batch;
using Refrag.Aws.Tests.Contract;
using Refrag.Engine;
using Refrag.Server.Tests.Endpoints;

namespace Refrag.Server.Tests;

/// <summary>An engine behind a server, and AWS's model of what it can be asked.</summary>
internal sealed class ServedEngine : IAsyncDisposable
{
    private ServedEngine(ApiModel model, LocalBatch engine, CountingTransport counted, TestServer server) =>
        (Model, Engine, Counted, Server, Specimen) = (model, engine, counted, server, new Specimen(model));

    public ApiModel Model { get; }

    public LocalBatch Engine { get; }

    /// <summary>How many requests reached the engine.</summary>
    public CountingTransport Counted { get; }

    public TestServer Server { get; }

    public Specimen Specimen { get; }

    public static async Task<ServedEngine> StartAsync()
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        var engine = new LocalBatch();
        var counted = new CountingTransport(engine);
        return new ServedEngine(model, engine, counted, await TestServer.StartAsync(counted));
    }

    /// <summary>Asks an operation, with what travels outside the body made up.</summary>
    public Task<Answer> AskAsync(Aws.AwsOperation operation, string body) => Server.AskAsync(operation, body, Specimen.PathOf(operation));

    /// <summary>Whether an answer is one of the client's mistakes.</summary>
    public static bool IsRefused(Answer answer) =>
        (answer.Status, answer.ErrorType) == (System.Net.HttpStatusCode.BadRequest, BatchException.ClientException);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Engine.StopAsync(TimeSpan.Zero);
        await Engine.DisposeAsync();
    }
}
