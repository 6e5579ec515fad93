using System.Text.Json;

namespace Refrag.Aws.Batch;

/// <summary>What <c>refrag serve --fleet</c> answers besides Batch's own operations. AWS knows none of it.</summary>
public static class RehearsalOperations
{
    /// <summary><c>GET /rehearsal/fleets</c>: what the instances of the simulated fleets have taken.</summary>
    public static AwsOperation<DescribeFleetUsageRequest, DescribeFleetUsageResponse> DescribeFleetUsage { get; } =
        new(BatchService.Model, "DescribeFleetUsage")
        {
            Method = HttpMethod.Get,
            Path = "/rehearsal/fleets",
            Writer = static _ => [],
            Reader = Read,
        };

    /// <summary><c>GET /rehearsal/start</c>: when a job that waits for an instance of a fleet will start.</summary>
    public static AwsOperation<DescribeStartRequest, DescribeStartResponse> DescribeStart { get; } =
        new(BatchService.Model, "DescribeStart")
        {
            Method = HttpMethod.Get,
            Path = "/rehearsal/start",
            Route = static request => "/rehearsal/start?jobId=" + Uri.EscapeDataString(request.JobId),
            Writer = static _ => [],
            Reader = ReadStart,
        };

    /// <summary><c>POST /rehearsal/events</c>: something goes wrong with the simulated fleets from now on.</summary>
    public static AwsOperation<InjectEventRequest, InjectEventResponse> InjectEvent { get; } =
        new(BatchService.Model, "InjectEvent")
        {
            Path = "/rehearsal/events",
            IsRepeatable = false,
            Writer = Write,
            Reader = static _ => new InjectEventResponse(),
        };

    private static byte[] Write(InjectEventRequest request)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("what", request.What);
            foreach ((string name, string value) in request.Texts) json.WriteString(name, value);
            foreach ((string name, double value) in request.Numbers) json.WriteNumber(name, value);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static DescribeStartResponse ReadStart(byte[] answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        JsonElement root = document.RootElement;
        try
        {
            return new DescribeStartResponse
            {
                AskedAt = root.GetProperty("askedAt").GetDateTimeOffset(),
                Earliest = Time(root, "earliest"),
                Middle = Time(root, "middle"),
                Latest = Time(root, "latest"),
                LevelPercent = root.GetProperty("levelPercent").GetInt32(),
                Assumptions = [.. root.GetProperty("assumptions").EnumerateArray().Select(one => one.GetString() ?? "")],
            };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("it is not the start of a job", e);
        }
    }

    private static DateTimeOffset? Time(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement time) && time.ValueKind is not JsonValueKind.Null ? time.GetDateTimeOffset() : null;

    // More hours than any server has run for; what a foreign server says may not even be countable.
    private const double MostHours = 1e12;

    // No contract of AWS's stands behind this answer, and any server may be at the endpoint.
    private static DescribeFleetUsageResponse Read(byte[] answer)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        try
        {
            return new DescribeFleetUsageResponse
            {
                Usage = [.. document.RootElement.GetProperty("usage").EnumerateArray().Select(Line)],
                Instances = document.RootElement.TryGetProperty("instances", out JsonElement instances)
                    ? [.. instances.EnumerateArray().Select(Instance)]
                    : [],
            };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("it is not the usage of fleets", e);
        }
    }

    private static FleetInstanceLine Instance(JsonElement one) => new(
        one.GetProperty("id").GetString() ?? "", one.GetProperty("computeEnvironment").GetString() ?? "",
        one.GetProperty("type").GetString() ?? "", one.GetProperty("zone").GetString() ?? "", one.GetProperty("spot").GetBoolean(),
        one.GetProperty("state").GetString() == "starting",
        [.. one.GetProperty("jobs").EnumerateArray().Select(id => id.GetString() ?? "")]);

    private static FleetUsageLine Line(JsonElement line)
    {
        double hours = line.GetProperty("hours").GetDouble();
        if (hours is not (>= 0 and <= MostHours)) throw new FormatException("hours is not a number of hours");
        return new(
            line.GetProperty("computeEnvironment").GetString() ?? "", line.GetProperty("type").GetString() ?? "",
            line.GetProperty("spot").GetBoolean(), line.GetProperty("instances").GetInt32(), hours);
    }
}

/// <summary>What <see cref="RehearsalOperations.DescribeFleetUsage"/> is asked: nothing.</summary>
public sealed record DescribeFleetUsageRequest;

/// <summary>What <see cref="RehearsalOperations.DescribeFleetUsage"/> answers.</summary>
public sealed record DescribeFleetUsageResponse
{
    /// <summary>One line for each environment, type and market, since the server started.</summary>
    public IReadOnlyList<FleetUsageLine> Usage { get; init; } = [];

    /// <summary>The instances that there are, the oldest first.</summary>
    public IReadOnlyList<FleetInstanceLine> Instances { get; init; } = [];
}

/// <summary>An instance of a simulated fleet.</summary>
/// <param name="Id">Its id, in the form of EC2's.</param>
/// <param name="Environment">The name of its compute environment.</param>
/// <param name="Type">Its instance type.</param>
/// <param name="Zone">Its zone, a letter.</param>
/// <param name="IsSpot">Whether it is bought on the Spot market.</param>
/// <param name="IsStarting">Whether it takes no jobs yet.</param>
/// <param name="JobIds">The jobs that are placed on it.</param>
public sealed record FleetInstanceLine(
    string Id, string Environment, string Type, string Zone, bool IsSpot, bool IsStarting, IReadOnlyList<string> JobIds);

/// <summary>What <see cref="RehearsalOperations.InjectEvent"/> is asked: one event, as a scenario has it.</summary>
/// <param name="What">Which kind of event, such as <c>spot_reclaim</c>.</param>
/// <param name="Texts">Its members that are texts.</param>
/// <param name="Numbers">Its members that are numbers.</param>
public sealed record InjectEventRequest(
    string What, IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, double> Numbers);

/// <summary>What <see cref="RehearsalOperations.InjectEvent"/> answers: nothing.</summary>
public sealed record InjectEventResponse;

/// <summary>What <see cref="RehearsalOperations.DescribeStart"/> is asked.</summary>
/// <param name="JobId">The job's id; for a child of an array <c>id:3</c>.</param>
public sealed record DescribeStartRequest(string JobId);

/// <summary>What <see cref="RehearsalOperations.DescribeStart"/> answers.</summary>
public sealed record DescribeStartResponse
{
    /// <summary>The server's time of the question.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>The beginning of the interval; null if the job does not wait for an instance, or no start is known.</summary>
    public DateTimeOffset? Earliest { get; init; }

    /// <summary>As likely before as after; null if it is as likely not to start at all.</summary>
    public DateTimeOffset? Middle { get; init; }

    /// <summary>The end of the interval; null if it is not known.</summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>In how many of 100 cases it starts between the two times, if what comes is like what was.</summary>
    public int LevelPercent { get; init; }

    /// <summary>What is assumed, as sentences.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];
}

/// <summary>What instances of one environment, type and market have taken together.</summary>
/// <param name="Environment">The name of the compute environment.</param>
/// <param name="Type">The instance type.</param>
/// <param name="IsSpot">Whether they are bought on the Spot market.</param>
/// <param name="Instances">How many there were.</param>
/// <param name="Hours">Their hours from launch to end, or to now, all together.</param>
public sealed record FleetUsageLine(string Environment, string Type, bool IsSpot, int Instances, double Hours);
