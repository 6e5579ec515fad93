using Refrag.Results;

namespace Refrag.Tests.Results;

/// <summary>Where an attempt stores its results, as its variables say it.</summary>
public sealed class ResultVariablesTests
{
    private const string Id = "5f0c4a52-6b9e-4b53-9a1c-0c4f4a2b7e11";

    [Theory]
    [InlineData(Id, null, $"{Id}/attempt-2")]
    [InlineData($"{Id}:17", null, $"{Id}/17/attempt-2")]
    [InlineData($"{Id}#1", "1", $"{Id}/node-1/attempt-2")]
    [InlineData(Id, "1", $"{Id}/node-1/attempt-2")]
    public void Read_AttemptOfAJob_HasAPlaceOfItsOwn(string id, string? node, string folder)
    {
        AttemptResults results = Read(("AWS_BATCH_JOB_ID", id), ("AWS_BATCH_JOB_NODE_INDEX", node)).Value;

        Assert.Equal(folder, results.Place.FolderOf(results.Attempt));
        Assert.Equal(new ResultsChoice("file:///store", TimeSpan.FromSeconds(5)), results.Choice);
    }

    [Theory]
    [InlineData("AWS_BATCH_JOB_ID", null)]
    [InlineData("AWS_BATCH_JOB_ID", "../other")]
    [InlineData("AWS_BATCH_JOB_ID", "id/..")]
    [InlineData("AWS_BATCH_JOB_ATTEMPT", "0")]
    [InlineData("AWS_BATCH_JOB_ATTEMPT", "one")]
    [InlineData("REFRAG_RESULTS_INTERVAL", "0")]
    [InlineData("REFRAG_RESULTS_INTERVAL", "90000")]
    [InlineData("REFRAG_RESULTS", "/store")]
    public void Read_VariableWithoutSense_IsAProblem(string name, string? value) =>
        Assert.Equal("RF8033", Assert.Single(Read((name, value)).Problems).Code);

    [Fact]
    public void Of_Choice_IsReadAsItWas()
    {
        Dictionary<string, string> variables =
            new(ResultVariables.Of(new ResultsChoice("s3://b-1/results", TimeSpan.FromHours(1))), StringComparer.Ordinal);

        Assert.Equal("s3://b-1/results", variables[ResultVariables.Store]);
        Assert.Equal("3600", variables[ResultVariables.Interval]);
        Assert.Empty(ResultVariables.Of(null));
    }

    private static Result<AttemptResults> Read(params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> variables = new(StringComparer.Ordinal)
        {
            ["REFRAG_RESULTS"] = "file:///store",
            ["REFRAG_RESULTS_INTERVAL"] = "5",
            ["AWS_BATCH_JOB_ID"] = Id,
            ["AWS_BATCH_JOB_ATTEMPT"] = "2",
        };
        foreach ((string name, string? value) in changes) variables[name] = value;
        return ResultVariables.Read(name => variables.GetValueOrDefault(name));
    }
}
