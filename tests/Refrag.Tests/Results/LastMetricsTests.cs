using System.Text;
using Refrag.Results;

namespace Refrag.Tests.Results;

/// <summary>The last line of metrics.jsonl, whole, of a file that may be growing.</summary>
public sealed class LastMetricsTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("\n\n", null)]
    [InlineData("step 1\n", null)]
    [InlineData("[1]\n", null)]
    [InlineData("{\"loss\":1}\n", "loss=1")]
    [InlineData("{\"loss\":1}", "loss=1")]
    [InlineData("{\"loss\":1}\r\n{\"loss\":0.5,\"split\":\"test\"}\r\n\n", "loss=0.5 split=test")]
    [InlineData("{\"loss\":1}\n{\"lo", "loss=1")]
    [InlineData("{\"a\":{\"b\":1},\"c\":[1],\"d\":null,\"e\":true}\n", "e=True")]
    [InlineData("{}\n", "")]
    [InlineData("{\"loss\":1}\n{\"loss\":NaN,\"up\":Infinity,\"down\": -Infinity}\n", "loss=NaN up=Infinity down=-Infinity")]
    [InlineData("{\"loss\":1}\n{\"loss\":NaN}", "loss=NaN")]
    [InlineData("{\"loss\":1}\n{\"loss\":Na", "loss=1")]
    [InlineData("{\"note\":\"NaN \\\"NaN\",\"loss\":NaN}\n", "note=NaN \"NaN loss=NaN")]
    [InlineData("{\"loss\":1}\n\n{\"lo", "loss=1")]
    [InlineData("{\"loss\":1}\nstep 2\n", null)]
    public void Last_AnyContent_IsItsLastObject(string content, string? members)
    {
        IEnumerable<string>? last = LastMetrics.Last(Encoding.UTF8.GetBytes(content))?.Select(one => $"{one.Key}={one.Value}");

        Assert.Equal(members, last is null ? null : string.Join(' ', last));
    }
}
