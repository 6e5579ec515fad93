using System.Diagnostics;
using System.IO.Compression;
using Refrag.Costs;
using Refrag.History;

namespace Refrag.Tests.Costs;

/// <summary>
/// Columns and their meaning: Data Exports User Guide, "Split line item columns" and "Split line item details"; two lines an hour for each
/// task, one for CPU and one for memory: "Understanding split cost allocation data".
/// </summary>
public sealed class SplitBillTests : IDisposable
{
    private const string Task = "arn:aws:ecs:us-east-1:123456789012:task/AWSBatch-e-1/0a1b";

    private const string Legacy =
        "identity/LineItemId,lineItem/ResourceId,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/CurrencyCode,"
        + "splitLineItem/SplitCost,splitLineItem/UnusedCost,product/ProductName";

    private const string Cur2 =
        "line_item_resource_id,line_item_usage_start_date,line_item_usage_end_date,split_line_item_split_cost,"
        + "split_line_item_unused_cost,split_line_item_net_split_cost,split_line_item_net_unused_cost";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_OldReport_IsTheSumOfItsLinesOverAllHours()
    {
        SplitBill bill = SplitBill.Read([Write(Legacy,
            $"1,{Task},2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,USD,0.03,0.01,\"Elastic, \"\"Compute\"\"\nCloud\"",
            $"2,{Task},2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,USD,0.02,0,x",
            $"3,{Task},2026-08-10T11:00:00Z,2026-08-10T12:00:00Z,USD,0.04,1E-2,x",
            "4,i-1234567890abcdef0,2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,USD,,,x")]).Value;

        Assert.Equal(1, bill.Tasks);
        Assert.Equal(0.11m, bill.Of(Attempt(10, 12)));
    }

    [Fact]
    public void Of_Cur2WithDiscount_IsTheNetCost()
    {
        SplitBill bill = SplitBill.Read([Write(Cur2,
            $"{Task},2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,0.03,0.01,0.02,0.005",
            $"{Task},2026-08-10T11:00:00Z,2026-08-10T12:00:00Z,0.03,0.01,,")]).Value;

        Assert.Equal(0.025m + 0.04m, bill.Of(Attempt(10, 12)));
    }

    // Both ends of the file carry its magic number. (Apache Parquet, File Format)
    [Fact]
    public void Read_Parquet_IsNamedAsThatWithTheFormatToChoose()
    {
        string file = Path.Combine(_folder.Path, "export.snappy.parquet");
        File.WriteAllBytes(file, [.. "PAR1"u8, 0x15, 0x04, 0x15, 0x20, 0xff, 0x00, .. "PAR1"u8]);

        Problem problem = Assert.Single(SplitBill.Read([file]).Problems);

        Assert.Equal("RF8106", problem.Code);
        Assert.Contains("Parquet", problem.What, StringComparison.Ordinal);
        Assert.Contains("text/csv", problem.Cure, StringComparison.Ordinal);
    }

    // A file of another month, or of a day that is not complete yet, would say too little.
    [Theory]
    [InlineData(9, 11)]
    [InlineData(11, 13)]
    public void Of_AttemptThatTheFilesDoNotCover_IsNotKnown(int from, int to)
    {
        SplitBill bill = SplitBill.Read([Write(Cur2, $"{Task},2026-08-10T10:00:00Z,2026-08-10T12:00:00Z,0.03,0.01,,")]).Value;

        Assert.Null(bill.Of(Attempt(from, to)));
        Assert.Null(bill.Of(Attempt(10, 12) with { StoppedAt = null }));
        Assert.Null(bill.Of(Attempt(10, 12) with { Task = "another" }));
        Assert.Equal(0.04m, bill.Of(Attempt(10, 12)));
    }

    [Fact]
    public void Read_Gzip_IsReadAsItIs()
    {
        string file = _folder.At("report.csv.gz");
        using (GZipStream gzip = new(File.Create(file), CompressionLevel.Fastest))
        using (StreamWriter text = new(gzip)) text.Write($"{Cur2}\r\n{Task},2026-08-10T10:00:00Z,2026-08-10T12:00:00Z,1,0,,\r\n");

        Assert.Equal(1m, SplitBill.Read([file]).Value.Of(Attempt(10, 12)));
    }

    // As of --cur <(zcat FILE): what is read once is gone, and to open it again waits for another writer.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_Pipe_IsReadOnceFromItsBeginning(bool isCompressed)
    {
        if (OperatingSystem.IsWindows()) return;
        const int Lines = 3000;
        string file = Write([Legacy, .. Enumerable.Range(0, Lines).Select(line =>
            $"{line},{Task},2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,USD,0.01,0,\"Elastic \"\"Compute\"\" Cloud\"")]);
        if (isCompressed)
        {
            byte[] text = await File.ReadAllBytesAsync(file, Token);
            await using GZipStream gzip = new(File.Create(file), CompressionLevel.Fastest);
            await gzip.WriteAsync(text, Token);
        }
        string pipe = _folder.At("pipe");
        using Process made = Process.Start("mkfifo", [pipe]);
        await made.WaitForExitAsync(Token).Soon();
        using Process writer = Process.Start("sh", ["-c", $"exec cat '{file}' > '{pipe}'"]);

        Result<SplitBill> bill = await System.Threading.Tasks.Task.Run(() => SplitBill.Read([pipe]), Token).Soon();

        Assert.Empty(bill.Problems);
        Assert.Equal(Lines * 0.01m, bill.Value.Of(Attempt(10, 11)));
        await writer.WaitForExitAsync(Token).Soon();
    }

    [Theory]
    [InlineData("RF8106", "line_item_resource_id,line_item_unblended_cost\nx,1")]
    [InlineData("RF8106", "PAR1")]
    [InlineData("RF8106", "")]
    [InlineData("RF8107", Legacy + "\n1," + Task + ",2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,CNY,1,0,x")]
    public void Read_WhatIsNoSuchReport_IsAProblem(string code, string text)
    {
        string file = _folder.At("wrong.csv");
        File.WriteAllText(file, text);

        Problem problem = Assert.Single(SplitBill.Read([file]).Problems);

        Assert.Equal(code, problem.Code);
        Assert.Contains(file, problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FileNamedTwice_IsAProblem()
    {
        string file = Write(Cur2, $"{Task},2026-08-10T10:00:00Z,2026-08-10T12:00:00Z,1,0,,");

        Problem problem = Assert.Single(SplitBill.Read([file, Path.Combine(_folder.Path, ".", Path.GetFileName(file))]).Problems);

        Assert.Equal("RF8105", problem.Code);
        Assert.Contains("twice", problem.What, StringComparison.Ordinal);
    }

    // (CUR dictionary, identity/LineItemId: "generated for each line item and is unique in a given partition")
    [Fact]
    public void Of_LineThatAnotherFileHasToo_CountsOnce()
    {
        string line = $"1,{Task},2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,USD,0.03,0.01,x";
        string more = $"2,{Task},2026-08-10T10:00:00Z,2026-08-10T11:00:00Z,USD,0.03,0.01,x";

        SplitBill bill = SplitBill.Read([Write(Legacy, line, more), Write(Legacy, line)]).Value;

        Assert.Equal(0.08m, bill.Of(Attempt(10, 11)));
    }

    [Fact]
    public void Read_MissingAndDamagedFiles_AreReportedTogether()
    {
        string damaged = _folder.At("damaged.csv.gz");
        File.WriteAllBytes(damaged, [0x1f, 0x8b, 1, 2, 3]);

        Assert.Equal(["RF8105", "RF8105"], SplitBill.Read([_folder.At("none.csv"), damaged]).Problems.Select(p => p.Code));
    }

    public void Dispose() => _folder.Dispose();

    private static RecordedAttempt Attempt(int from, int to) =>
        new(RecordedAttempt.WholeJob, 1, At(from)) { StoppedAt = At(to), Task = Task };

    private static DateTimeOffset At(int hour) => new(2026, 8, 10, hour, 0, 0, TimeSpan.Zero);

    private string Write(params string[] lines)
    {
        string file = _folder.At($"{Guid.NewGuid():N}.csv");
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        return file;
    }
}
