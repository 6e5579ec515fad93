using Refrag.Diagnosis;

namespace Refrag.Tests.Diagnosis;

public sealed class TrustPolicyTests
{
    [Theory]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""", true)]
    [InlineData(
        """{"Statement":{"Effect":"Allow","Principal":{"Service":["a","ecs-tasks.amazonaws.com"]},"Action":"""
            + """["sts:TagSession","sts:AssumeRole"]}}""", true)]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com.cn"},"Action":"sts:AssumeRole"}]}""", true)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}""", true)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""", false)]
    [InlineData("""{"Statement":[{"Effect":"Deny","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""", false)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"sts:AssumeRole"}]}""", false)]
    [InlineData(
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:TagSession"}]}""", false)]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("""{"Statement":[{"Effect":1}]}""", null)]
    public void Allows_Policy_IsReadAsAwsReadsIt(string policy, bool? expected) =>
        Assert.Equal(expected, TrustPolicy.Allows(policy, "ecs-tasks.amazonaws.com"));
}
