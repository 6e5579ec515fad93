using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Server.Access;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>
/// Not of AWS's: how the simulated fleets stand, and what goes wrong with them from now on. Signed for like everything else.
/// </summary>
internal sealed class RehearsalEndpoint(Rehearsing rehearsing, RequestGuard guard)
{
    private const string EventsPath = "/rehearsal/events";
    private const string FleetsPath = "/rehearsal/fleets";
    private const string StartPath = "/rehearsal/start";

    /// <summary>What answers a request; null if it is not for this endpoint.</summary>
    public Func<HttpContext, RequestTarget, Task>? Find(string method, string path) => path switch
    {
        EventsPath when method == HttpMethods.Post => PostEventsAsync,
        FleetsPath when method == HttpMethods.Get => GetFleetsAsync,
        StartPath when method == HttpMethods.Get => GetStartAsync,
        _ => null,
    };

    private async Task PostEventsAsync(HttpContext context, RequestTarget target)
    {
        RequestAdmission admission = guard.Check(context.Request, target, AwsService.Batch);
        byte[] body = await BodyReader.ReadAsync(context.Request, context.RequestAborted);
        guard.Verify(admission, context.Request, target, body);
        IReadOnlyList<Problem> problems = await rehearsing.Inject(admission.Region, Encoding.UTF8.GetString(body));
        if (problems.Count == 0) return;
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(ProblemText.Render(problems), context.RequestAborted);
    }

    private async Task GetFleetsAsync(HttpContext context, RequestTarget target)
    {
        RequestAdmission admission = guard.Check(context.Request, target, AwsService.Batch);
        guard.Verify(admission, context.Request, target, []);
        RehearsedFleets fleets = await rehearsing.Fleets(admission.Region, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("instances");
        foreach (RehearsedInstance one in fleets.Instances) Write(json, one);
        json.WriteEndArray();
        json.WriteStartArray("usage");
        foreach (FleetUsageLine one in fleets.Usage) Write(json, one);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task GetStartAsync(HttpContext context, RequestTarget target)
    {
        RequestAdmission admission = guard.Check(context.Request, target, AwsService.Batch);
        guard.Verify(admission, context.Request, target, []);
        string jobId = context.Request.Query["jobId"].ToString();
        DescribeStartResponse start = await rehearsing.Start(admission.Region, jobId, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("askedAt", start.AskedAt);
        if (start.Earliest is { } earliest) json.WriteString("earliest", earliest);
        if (start.Middle is { } middle) json.WriteString("middle", middle);
        if (start.Latest is { } latest) json.WriteString("latest", latest);
        json.WriteNumber("levelPercent", start.LevelPercent);
        json.WriteStartArray("assumptions");
        foreach (string one in start.Assumptions) json.WriteStringValue(one);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FleetUsageLine one)
    {
        json.WriteStartObject();
        json.WriteString("computeEnvironment", one.Environment);
        json.WriteString("type", one.Type);
        json.WriteBoolean("spot", one.IsSpot);
        json.WriteNumber("instances", one.Instances);
        json.WriteNumber("hours", Math.Round(one.Hours, 6));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RehearsedInstance one)
    {
        json.WriteStartObject();
        json.WriteString("id", one.Id);
        json.WriteString("computeEnvironment", one.Environment);
        json.WriteString("type", one.Type);
        json.WriteString("zone", one.Zone);
        json.WriteBoolean("spot", one.IsSpot);
        json.WriteString("state", one.IsStarting ? "starting" : "running");
        json.WriteStartArray("jobs");
        foreach (string id in one.JobIds) json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>The simulated fleets.</summary>
/// <param name="Instances">The instances that there are.</param>
/// <param name="Usage">What instances have taken since the server started, those that have ended too.</param>
public sealed record RehearsedFleets(IReadOnlyList<RehearsedInstance> Instances, IReadOnlyList<FleetUsageLine> Usage);

/// <summary>The operations of a rehearsal, each in a region.</summary>
/// <param name="Inject">Injects events into a region, given as YAML or JSON. Returns the problems with them; if there is one, no event is
/// injected.</param>
/// <param name="Fleets">Lists the instances of all simulated fleets of a region, and what they have taken.</param>
/// <param name="Start">Says when a job of a region will start, given by its id.</param>
public sealed record Rehearsing(
    Func<string, string, Task<IReadOnlyList<Problem>>> Inject, Func<string, CancellationToken, Task<RehearsedFleets>> Fleets,
    Func<string, string, CancellationToken, Task<DescribeStartResponse>> Start);

/// <summary>An instance of a simulated fleet, as <c>/rehearsal/fleets</c> lists it.</summary>
/// <param name="Id">Its id, in the form of EC2's.</param>
/// <param name="Environment">The name of its compute environment.</param>
/// <param name="Type">Its instance type.</param>
/// <param name="Zone">Its zone: <c>a</c> for the first subnet of the environment, <c>b</c> for the second.</param>
/// <param name="IsSpot">Whether it is bought on the Spot market.</param>
/// <param name="IsStarting">Whether it takes no jobs yet.</param>
/// <param name="JobIds">The jobs that are placed on it, in the order in which they were submitted.</param>
public sealed record RehearsedInstance(
    string Id, string Environment, string Type, string Zone, bool IsSpot, bool IsStarting, IReadOnlyList<string> JobIds);
