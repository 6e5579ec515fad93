using System.Globalization;

namespace Refrag.ShippedApps.Tests.Training;

public sealed class CsvDataTests
{
    [Fact]
    public async Task Run_CsvWithHeaderTextClassesAndQuotes_Learns()
    {
        using var job = new TrainJob();
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i =>
            string.Create(
                CultureInfo.InvariantCulture, $"{i % 2 * 1000 + i}, {-1.5e-3 * i} ,{(i % 2 == 0 ? "\"cat, \"\"big\"\"\"" : "dog")}"));
        job.Write("data.csv", "width,height,class\r\n\r\n" + string.Join("\r\n", rows) + "\r\n");

        (int exitCode, string output, string error) = await job.With("data", "data.csv").RunAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("test accuracy 1.0000, results", output);
    }

    [Fact]
    public async Task Run_CsvWithoutHeader_CountsTheFirstLine()
    {
        using var job = new TrainJob();
        job.Write("data.csv", string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},{i % 2}\n")));

        // Ten rows are just enough; nine would be refused.
        Assert.Equal(0, (await job.With("data", "data.csv").RunAsync()).ExitCode);
    }

    [Fact]
    public async Task Run_CsvWithMistakes_NamesEachLineAndColumn()
    {
        using var job = new TrainJob();
        job.Write("data.csv", "a,b,class\n1,2,x\n1,two,x\n1,2\n1,NaN,y\n1,\"2,y\n1,2,\n");

        (int exitCode, _, string error) = await job.With("data", "data.csv").With("epochs", 0).RunAsync();

        Assert.Equal(AppExitCodes.Refused, exitCode);
        Assert.Contains("RF7002 epochs", error);
        Assert.Contains("\"two\" is not a finite number\n  --> data.csv:3:3\n  | 1,two,x\n  |   ^^^", error);
        Assert.Contains("The line has 2 columns, the first has 3\n  --> data.csv:4:1", error);
        Assert.Contains("data.csv:5:3", error);
        Assert.Contains("A quotation mark is not closed\n  --> data.csv:6:3", error);
        Assert.Contains("The class is empty\n  --> data.csv:7:", error);
        Assert.Equal(5, error.Split("RF7202").Length - 1);
    }

    [Theory]
    [InlineData("", "The file has 0 rows")]
    [InlineData("a,class\n1,x\n", "The file has 1 rows")]
    [InlineData("1\n2\n", "The line has one column")]
    [InlineData("1,x\n1,x\n1,x\n1,x\n1,x\n1,x\n1,x\n1,x\n1,x\n1,x\n", "All rows have the same class")]
    public async Task Run_CsvThatTeachesNothing_IsRefused(string content, string what)
    {
        using var job = new TrainJob();
        job.Write("data.csv", content);

        (int exitCode, _, string error) = await job.With("data", "data.csv").RunAsync();

        Assert.Equal(AppExitCodes.Refused, exitCode);
        Assert.Contains(what, error);
    }

    [Theory]
    [InlineData("clusers", "data=clusters")]
    [InlineData("missing.csv", "Could not find file")]
    public async Task Run_NoSuchData_ListsTheKnownOnes(string data, string text)
    {
        using var job = new TrainJob();

        (int exitCode, _, string error) = await job.With("data", data).RunAsync();

        Assert.Equal(AppExitCodes.Refused, exitCode);
        Assert.Contains("RF7203", error);
        Assert.Contains(text, error);
    }

    [Fact]
    public async Task Run_ManyMistakes_StopsAtTen()
    {
        using var job = new TrainJob();
        job.Write("data.csv", "1,x\n" + string.Concat(Enumerable.Repeat("x,x\n", 1000)));

        (_, _, string error) = await job.With("data", "data.csv").RunAsync();

        Assert.Equal(10, error.Split("RF7202").Length - 1);
    }

    [Fact]
    public async Task Run_ContentChangedBetweenTwoRuns_IsAnotherRun()
    {
        using var job = new TrainJob();
        string rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2}\n"));
        job.Write("data.csv", rows);
        await job.With("data", "data.csv").CompleteAsync();
        job.Write("data.csv", rows.Replace("7,", "8,"));

        Assert.Contains("RF7204", (await job.RunAsync()).Error);
    }
}
