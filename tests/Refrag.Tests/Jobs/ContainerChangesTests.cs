using System.Reflection;
using Refrag.Aws.Batch;
using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

/// <summary>What makes changes of a container empty.</summary>
public sealed class ContainerChangesTests
{
    private static readonly Dictionary<Type, object> s_values = new()
    {
        [typeof(MebiBytes?)] = new MebiBytes(1),
        [typeof(int?)] = 1,
        [typeof(int)] = 1,
        [typeof(string)] = "x",
        [typeof(IReadOnlyList<Tmpfs>)] = (Tmpfs[])[new() { ContainerPath = "/t", Size = 1 }],
        [typeof(IReadOnlyList<Ulimit>)] = (Ulimit[])[new() { Name = "nofile", SoftLimit = 1, HardLimit = 1 }],
        [typeof(IReadOnlyList<Secret>)] = (Secret[])[new() { Name = "S", ValueFrom = "s" }],
        [typeof(IReadOnlyList<Volume>)] = (Volume[])[new() { Name = "v" }],
        [typeof(IReadOnlyList<MountPoint>)] = (MountPoint[])[new() { SourceVolume = "v", ContainerPath = "/v" }],
    };

    public static TheoryData<string> Members =>
        [.. typeof(ContainerChanges).GetProperties().Where(member => member.CanWrite).Select(member => member.Name)];

    [Fact]
    public void IsEmpty_NothingSaid_IsTrue() => Assert.True(new ContainerChanges().IsEmpty);

    // Whatever is added to the record later counts too.
    [Theory]
    [MemberData(nameof(Members))]
    public void IsEmpty_OneMemberSaid_IsFalse(string name)
    {
        ContainerChanges changes = new();
        PropertyInfo member = typeof(ContainerChanges).GetProperty(name)!;
        member.SetValue(changes, s_values[member.PropertyType]);

        Assert.False(changes.IsEmpty);
    }
}
