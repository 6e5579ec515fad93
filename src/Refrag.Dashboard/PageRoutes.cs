using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Refrag.Costs;
using Refrag.Dashboard.Access;
using Refrag.Dashboard.Actions;
using Refrag.Dashboard.Costs;
using Refrag.Dashboard.Details;
using Refrag.Dashboard.Files;
using Refrag.Dashboard.Jobs;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Queues;
using Refrag.Dashboard.Series;
using Refrag.Dashboard.Simulations;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;
using Refrag.Dashboard.Sweeps;
using Refrag.JobLogs;
using Refrag.Server.Reading;

namespace Refrag.Dashboard;

/// <summary>What the page asks for, by path.</summary>
internal sealed class PageRoutes
{
    // An id is 36 characters, with a child's or a node's number; more is none.
    private const int LongestId = 128;

    // A name of a file, each of its bytes escaped.
    private const int LongestName = 3 * 255;

    private readonly DashboardOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly PageFiles _files = new();
    private readonly TableFeed _jobs;
    private readonly QueueFeed _queues;
    private readonly JobPageReader _pages;
    private readonly JobActions _actions;
    private readonly CostFeed _costs;
    private readonly SeriesFeed _series;
    private readonly SweepFeed _sweeps;
    private readonly WhatIfFeed _whatIf;

    public PageRoutes(DashboardOptions options, IDashboardSource source, TimeProvider time, CancellationToken stopping)
    {
        (_options, _time, _stopping) = (options, time, stopping);
        PacedTransport paced = new(source.Batch, options.RequestsPerSecond, time);
        _jobs = new TableFeed(paced, time, options.MostJobs, options.Log);
        _queues = new QueueFeed(paced, source, time);
        _pages = new JobPageReader(source, time);
        _actions = new JobActions(source);
        _costs = new CostFeed(paced, source, time);
        _series = new SeriesFeed(paced, source, time);
        _sweeps = new SweepFeed(paced, source, time);
        _whatIf = new WhatIfFeed(paced, source, options.Place.Words, time);
    }

    /// <summary>Answers a request that reads.</summary>
    public async Task GetAsync(HttpContext context, PageSession session)
    {
        string path = context.Request.Path.Value ?? "/";
        if (!path.StartsWith("/api/", StringComparison.Ordinal))
        {
            PageFile file = _files.Find(path)
                ?? throw new PageRefusal(StatusCodes.Status404NotFound, DashboardProblems.NotThere("such page"));
            await file.WriteAsync(context.Request, context.Response, context.RequestAborted);
            return;
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        switch (path["/api/".Length..])
        {
            case "session":
                await WriteAsync(context, SessionInfo.Of(_options, session), SessionJson.Default.SessionInfo);
                break;
            case "jobs":
                await _jobs.WriteAsync(new EventWriter(context.Response, _time), _stopping, end.Token);
                break;
            case "queues":
                await _queues.WriteAsync(new EventWriter(context.Response, _time), end.Token);
                break;
            case "cost":
                await WriteCostAsync(context, end.Token);
                break;
            case "series":
                await _series.WriteAsync(
                    Number(context.Request, "hours", SeriesFeed.MostHours) ?? 24, new EventWriter(context.Response, _time), end.Token);
                break;
            case "sweeps":
                await _sweeps.WriteListAsync(new EventWriter(context.Response, _time), end.Token);
                break;
            case "whatif/form":
                await WriteAsync(context, await _whatIf.FormAsync(end.Token), WhatIfJson.Default.WhatIfForm);
                break;
            case "whatif":
                // It changes nothing, and needs no more rights than reading.
                await _whatIf.WriteAsync(WhatIfRequest.Of(context.Request), new EventWriter(context.Response, _time), end.Token);
                break;
            case var rest when rest.Split('/') is ["sweep", { Length: > 0 and <= LongestName } name]:
                await _sweeps.WriteAsync(name, new EventWriter(context.Response, _time), end.Token);
                break;
            case var rest when rest.Split('/') is ["job", { Length: > 0 and <= LongestId } id, var what]:
                await GetJobAsync(context, Uri.UnescapeDataString(id), what, end.Token);
                break;
            default:
                throw new PageRefusal(StatusCodes.Status404NotFound, DashboardProblems.NotThere("such path"));
        }
    }

    /// <summary>Answers a request that changes something.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (_options.ReadOnly) throw new PageRefusal(StatusCodes.Status403Forbidden, DashboardProblems.ReadOnly);
        byte[] body = await BodyReader.ReadAsync(context.Request, context.RequestAborted);
        switch (context.Request.Path.Value)
        {
            case "/api/actions":
                // What was taken is carried out, even where the page does not wait for the answer.
                ActionReport report = await _actions.RunAsync(Read(body, ActionJson.Default.ActionRequest), _stopping);
                _jobs.Hurry();
                await WriteAsync(context, report, ActionJson.Default.ActionReport);
                break;
            case "/api/rehearsal":
                await _queues.InjectAsync(Read(body, QueueJson.Default.RehearsalEvent), _stopping);
                await WriteAsync(context, SessionInfo.Nothing, SessionJson.Default.IReadOnlyListString);
                break;
            default:
                throw new PageRefusal(StatusCodes.Status404NotFound, DashboardProblems.NotThere("such path"));
        }
    }

    private async Task GetJobAsync(HttpContext context, string id, string what, CancellationToken cancellationToken)
    {
        EventWriter events = new(context.Response, _time);
        switch (what)
        {
            case "live":
                await _pages.WriteAsync(id, events, cancellationToken);
                break;
            case "log":
                await _pages.WriteLogAsync(id, Choice(context.Request), events, cancellationToken);
                break;
            case "log.txt":
                await _pages.DownloadAsync(id, Choice(context.Request), context.Response, cancellationToken);
                break;
            case "why":
                await WriteAsync(context, await _pages.WhyAsync(id, cancellationToken), DetailJson.Default.WhyReport);
                break;
            case "children":
                await WriteAsync(context, await _pages.ChildrenAsync(id, cancellationToken), DetailJson.Default.ChildGrid);
                break;
            default:
                throw new PageRefusal(StatusCodes.Status404NotFound, DashboardProblems.NotThere("such path"));
        }
    }

    private Task WriteCostAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string by = context.Request.Query["by"] is [{ Length: > 0 } text] ? text : "app";
        if (by.Length > CostFeed.LongestBy)
            throw new PageRefusal(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood("A tag has a shorter name than that"));
        if (by == CostReport.ByDay)
        {
            throw new PageRefusal(
                StatusCodes.Status400BadRequest,
                DashboardProblems.NotUnderstood("Costs by day are the plot; the page adds up by a tag or queue"));
        }
        int days = Number(context.Request, "days", CostFeed.MostDays) ?? 30;
        return _costs.WriteAsync(by, days, new EventWriter(context.Response, _time), cancellationToken);
    }

    private static LogChoice Choice(HttpRequest request) => new()
    {
        Attempt = Number(request, "attempt"),
        Part = Number(request, "part"),
    };

    private static int? Number(HttpRequest request, string name) =>
        request.Query[name] is not [{ } text] ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new PageRefusal(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood($"{name} is not a number"));

    private static int? Number(HttpRequest request, string name, int most) =>
        Number(request, name) is not { } number ? null
        : number >= 1 && number <= most ? number
        : throw new PageRefusal(
            StatusCodes.Status400BadRequest,
            DashboardProblems.NotUnderstood(string.Create(CultureInfo.InvariantCulture, $"{name} is not from 1 to {most}")));

    private static T Read<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type)
                ?? throw new PageRefusal(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood("The change is empty"));
        }
        catch (JsonException)
        {
            throw new PageRefusal(StatusCodes.Status400BadRequest, DashboardProblems.NotUnderstood("The change is not JSON of its form"));
        }
    }

    private static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), context.RequestAborted);
    }
}

/// <summary>What the page must know before anything else.</summary>
internal sealed record SessionInfo
{
    /// <summary>An answer without content.</summary>
    public static IReadOnlyList<string> Nothing { get; } = [];

    /// <summary>What changes must name.</summary>
    public required string Csrf { get; init; }

    /// <summary>Whether the page changes nothing.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Where the jobs are.</summary>
    public required string Place { get; init; }

    /// <summary>The region; null on this machine.</summary>
    public string? Region { get; init; }

    /// <summary>Words that a command takes to look at the same place.</summary>
    public required string Words { get; init; }

    /// <summary>The version of refrag.</summary>
    public required string Version { get; init; }

    public static SessionInfo Of(DashboardOptions options, PageSession session) => new()
    {
        Csrf = session.Csrf,
        ReadOnly = options.ReadOnly,
        Place = options.Place.Name,
        Region = options.Place.Region,
        Words = options.Place.Words,
        Version = options.Version,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class SessionJson : JsonSerializerContext;
