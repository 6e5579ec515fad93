using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Tests.Clusters;

public sealed class InstanceKeyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(long.MaxValue)]
    public void TryParse_WhatToStringWrites_IsTheKey(long number)
    {
        var key = new InstanceKey(number);

        Assert.True(InstanceKey.TryParse(key.ToString(), out InstanceKey read));
        Assert.Equal(key, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("i")]
    [InlineData("i-")]
    [InlineData("i-1")]
    [InlineData("i-none")]
    [InlineData("i-000000000000000FF")]
    [InlineData("x-00000000000000001")]
    [InlineData("i-0000000000000000100")]
    [InlineData("i-1234567890abcdef0")]
    public void TryParse_AnotherText_IsFalse(string text) => Assert.False(InstanceKey.TryParse(text, out _));
}
