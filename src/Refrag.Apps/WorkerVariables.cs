using System.Globalization;
using System.Net;

namespace Refrag.Apps;

/// <summary>
/// Reads a <see cref="Worker"/> out of variables, with every mistake at once. An empty variable counts as absent, as it does for a shell's
/// <c>:-</c>.
/// </summary>
internal sealed class WorkerVariables(IReadOnlyDictionary<string, string> environment)
{
    private readonly List<Problem> _problems = [];

    public Result<Worker> Read()
    {
        int count = Number(BatchVariables.NodeCount, 1, int.MaxValue) ?? 1;
        int index = Number(BatchVariables.NodeIndex, 0, count - 1) ?? 0;
        int main = Number(BatchVariables.MainNodeIndex, 0, count - 1) ?? 0;
        // Rank 0 must be the main node, which need not be node 0: count on from it, round the circle.
        int rank = (int)(((long)index - main + count) % count);
        RequireTogether();
        var worker = new Worker
        {
            Rank = rank,
            WorldSize = count,
            MainAddress = Address(rank),
            MainPort = Number(BatchVariables.MasterPort, 1, ushort.MaxValue) ?? Worker.DefaultMainPort,
            ListenAddress = count == 1 || IsLoopback(Text(BatchVariables.MasterAddress)) ? IPAddress.Loopback : IPAddress.Any,
            JobId = Text(BatchVariables.JobId)?.Split('#')[0],
            Attempt = Number(BatchVariables.Attempt, 1, int.MaxValue) ?? 1,
            ArrayIndex = Number(BatchVariables.ArrayIndex, 0, int.MaxValue),
            SweepIndex = Number(BatchVariables.SweepIndex, 0, int.MaxValue),
            ArraySize = Number(BatchVariables.ArraySize, 1, int.MaxValue),
        };
        return _problems.Count == 0 ? worker : Result<Worker>.Failure(_problems);
    }

    private static bool IsLoopback(string? address) =>
        address == "localhost" || (IPAddress.TryParse(address, out IPAddress? parsed) && IPAddress.IsLoopback(parsed));

    private string Address(int rank)
    {
        string? address = Text(BatchVariables.MasterAddress) ?? (rank == 0 ? "127.0.0.1" : Text(BatchVariables.MainNodeAddress));
        if (address is not null) return address;
        Add(BatchVariables.MainNodeAddress, $"The node of rank {rank} has no address of rank 0",
            $"Set it, or {BatchVariables.MasterAddress}, to the main node's address");
        return "";
    }

    private void RequireTogether()
    {
        if (Text(BatchVariables.NodeIndex) is not null && Text(BatchVariables.NodeCount) is null)
            Add(BatchVariables.NodeCount, $"{BatchVariables.NodeIndex} is set and {BatchVariables.NodeCount} is not",
                "Set both or neither");
        if (Text(BatchVariables.NodeIndex) is null && Number(BatchVariables.NodeCount, 1, int.MaxValue) > 1)
            Add(BatchVariables.NodeIndex, $"{BatchVariables.NodeCount} is set and {BatchVariables.NodeIndex} is not",
                "Set both or neither");
    }

    private string? Text(string name) => environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    private int? Number(string name, int min, int max)
    {
        if (Text(name) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            return number;
        if (!_problems.Exists(problem => problem.Place is VariablePlace place && place.Name == name))
            Add(name, $"{name} must be a whole number from {min}{(max == int.MaxValue ? "" : $" to {max}")}",
                "Correct it; AWS Batch sets it by itself");
        return null;
    }

    private void Add(string name, string what, string cure) =>
        _problems.Add(new Problem { Code = "RF7006", What = what, Cure = cure, Place = new VariablePlace(name, Text(name)) });
}
