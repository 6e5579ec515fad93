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
            return new DescribeFleetUsageResponse { Usage = [.. document.RootElement.GetProperty("usage").EnumerateArray().Select(Line)] };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("it is not the usage of fleets", e);
        }
    }

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
}

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
