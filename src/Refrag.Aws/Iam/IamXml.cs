namespace Refrag.Aws.Iam;

/// <summary>Reads IAM's XML.</summary>
internal static class IamXml
{
    private const string One = "/GetRoleResponse/GetRoleResult/Role";
    private const string Profile = "/GetInstanceProfileResponse/GetInstanceProfileResult/InstanceProfile";
    private const string Member = $"{Profile}/Roles/member";

    public static GetRoleResponse Role(byte[] body) =>
        Roles(body, One, One) is [{ } role]
            ? new GetRoleResponse { Role = role }
            : throw new InvalidDataException("the answer has no role");

    public static GetInstanceProfileResponse InstanceProfile(byte[] body) => new() { Roles = Roles(body, Profile, Member) };

    private static List<RoleInfo> Roles(byte[] body, string answer, string item)
    {
        var roles = new List<RoleInfo>();
        bool answered = false;
        foreach ((string path, string text) in XmlLeaves.Of(body, item, answer))
        {
            answered |= path.StartsWith(answer, StringComparison.Ordinal);
            if (path == item) roles.Add(new RoleInfo("", ""));
            else if (path == $"{item}/RoleName") roles[^1] = roles[^1] with { Name = text };
            // The document travels escaped as in a URL. (API Role)
            else if (path == $"{item}/AssumeRolePolicyDocument")
                roles[^1] = roles[^1] with { TrustPolicy = Uri.UnescapeDataString(text.Replace('+', ' ')) };
        }
        return answered ? roles : throw new InvalidDataException("the answer is not IAM's");
    }
}
