using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Diagnosis;

/// <summary>Asks; if that is refused, remembers which check it cost and continues.</summary>
internal sealed class Checks
{
    private readonly List<string> _notMade = [];
    private readonly HashSet<AwsService> _unreachable = [];

    /// <summary>Which checks could not be made, and why.</summary>
    public IReadOnlyList<string> NotMade => [.. _notMade.Distinct(StringComparer.Ordinal)];

    /// <summary>Remembers a check that was not made.</summary>
    public void NotAsked(string what) => _notMade.Add(what);

    /// <summary>
    /// Whether a service could not be reached before. Each try takes seconds, and the next would fare no better: a private network has no
    /// way to IAM, say.
    /// </summary>
    public bool IsOutOfReach(AwsService service, string what)
    {
        if (!_unreachable.Contains(service)) return false;
        _notMade.Add($"{what}: {service.Id} cannot be reached");
        return true;
    }

    /// <summary>The answer; <paramref name="otherwise"/> if it was refused or there was no answer.</summary>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> ask, T otherwise)
    {
        try
        {
            return await ask();
        }
        catch (AwsServiceException failure)
        {
            if (failure is not LogsException { ErrorCode: LogsException.ResourceNotFound })
                _notMade.Add($"{what}: {failure.Operation} answered {failure.ErrorCode}");
            return otherwise;
        }
        // Batch itself out of reach ends the command; another service costs its check alone.
        catch (AwsConnectionException failure) when (failure.Service != AwsService.Batch)
        {
            _unreachable.Add(failure.Service);
            _notMade.Add($"{what}: {failure.Service.Id} cannot be reached");
            return otherwise;
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or InvalidDataException
            or System.Text.Json.JsonException)
        {
            _notMade.Add($"{what}: {failure.Message}");
            return otherwise;
        }
    }
}
