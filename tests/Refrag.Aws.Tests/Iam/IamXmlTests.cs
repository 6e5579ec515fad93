using System.Text;
using Refrag.Aws.Iam;

namespace Refrag.Aws.Tests.Iam;

public sealed class IamXmlTests
{
    private const string Role = """
        <GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
          <GetRoleResult>
            <Role>
              <Path>/</Path>
              <RoleName>refrag-job</RoleName>
              <AssumeRolePolicyDocument>%7B%22Version%22%3A+%222012-10-17%22%7D</AssumeRolePolicyDocument>
            </Role>
          </GetRoleResult>
          <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
        </GetRoleResponse>
        """;

    [Fact]
    public void Role_Answer_HasNameAndPolicy()
    {
        RoleInfo role = IamXml.Role(Encoding.UTF8.GetBytes(Role)).Role;

        Assert.Equal(("refrag-job", """{"Version": "2012-10-17"}"""), (role.Name, role.TrustPolicy));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("<member><RoleName>a</RoleName></member>", 1)]
    public void InstanceProfile_Answer_HasItsRoles(string members, int count)
    {
        string answer =
            $"<GetInstanceProfileResponse><GetInstanceProfileResult><InstanceProfile><Roles>{members}</Roles></InstanceProfile>"
                + "</GetInstanceProfileResult></GetInstanceProfileResponse>";

        Assert.Equal(count, IamXml.InstanceProfile(Encoding.UTF8.GetBytes(answer)).Roles.Count);
    }

    [Theory]
    [InlineData("<html>a proxy's page</html>")]
    [InlineData("not XML")]
    public void Answer_OfAnotherService_IsInvalid(string answer)
    {
        Assert.Throws<InvalidDataException>(() => IamXml.Role(Encoding.UTF8.GetBytes(answer)));
        Assert.Throws<InvalidDataException>(() => IamXml.InstanceProfile(Encoding.UTF8.GetBytes(answer)));
    }
}
