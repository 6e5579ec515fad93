using Microsoft.AspNetCore.Http;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>
/// ECS's task metadata, version 4, for the programs that jobs run. As there it is not signed for: the address has a key that only the
/// program and who may describe its job know.
/// </summary>
/// <param name="find">From what follows <c>/v4/</c> to a JSON document; null if there is none.</param>
internal sealed class MetadataEndpoint(Func<string, CancellationToken, Task<string?>> find)
{
    private const string Prefix = "/v4/";

    /// <summary>Whether a path is for this endpoint.</summary>
    public static bool Owns(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Answers; 404 if nothing is known.</summary>
    public async Task AnswerAsync(HttpContext context, RequestTarget target)
    {
        string? document = await find(target.Path[Prefix.Length..], context.RequestAborted);
        if (document is null) context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = document is null ? "text/plain" : "application/json";
        await context.Response.WriteAsync(document ?? "No such container runs, or this is not known of it.", context.RequestAborted);
    }
}
