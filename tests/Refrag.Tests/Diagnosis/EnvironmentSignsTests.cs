using Refrag.Diagnosis;

namespace Refrag.Tests.Diagnosis;

public sealed class EnvironmentSignsTests
{
    public static TheoryData<string, string> Examples => [.. SetupFiles.EnvironmentSigns.Select(s => (s.Code, s.Words))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Find_Example_IsARowOfItsCode(string code, string words) =>
        Assert.Equal(code == "none" ? null : code, EnvironmentSigns.Find(words)?.Code);

    public static TheoryData<int, string> Rows => [.. EnvironmentSigns.All.Select((sign, index) => (index, sign.Code))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Find_EveryRow_IsTheFirstOnAnExample(int index, string code) =>
        Assert.Contains(SetupFiles.EnvironmentSigns, s => s.Code == code && EnvironmentSigns.Find(s.Words) == EnvironmentSigns.All[index]);

    // The role is there: it is one of its permissions that is missing.
    [Fact]
    public void Find_RoleOfEcsThatLacksAPermission_IsNotSaidToBeMissing() =>
        Assert.DoesNotContain("no service-linked role", EnvironmentSigns.Find("CLIENT_ERROR - User: "
            + "arn:aws:sts::1:assumed-role/AWSServiceRoleForECS/ecs is not authorized to perform: ec2:CreateNetworkInterface")!.What,
            StringComparison.Ordinal);

    // The cluster of an EKS environment is not Batch's, and reasons of other kinds name it.
    [Fact]
    public void Find_CodeThatIsLeftOut_IsNoAnswer() =>
        Assert.Null(EnvironmentSigns.Find("CLIENT_ERROR - Clusters can not be blank.", except: "cluster-gone"));
}
