namespace Laurel.App.Platform.Access;

/// <summary>How setup files, the API and the audit log write what a role grants.</summary>
public static class RoleGrants
{
    /// <summary>What may be written, for messages.</summary>
    public static string Words => $"no, yes, or a reach ({string.Join(", ", Reaches.All.Select(r => r.Id()))})";

    /// <summary>A reach; yes or no where there is none to choose.</summary>
    public static string Code(DataReach? reach, string permission) =>
        reach is not { } held ? Reaches.Denied : Permissions.Reaching.Contains(permission) ? held.Id() : "yes";

    /// <summary>False where the word says nothing of this permission. A reach of null: it is not held.</summary>
    /// <param name="kind">Yes to a permission that carries a reach is as far as a role of this kind usually; null: it must be said.</param>
    public static bool Read(string permission, string word, Role? kind, out DataReach? reach)
    {
        reach = null;
        if (word is Reaches.Denied or "false") return true;
        var reaches = Permissions.Reaching.Contains(permission);
        if (word is "yes" or "true")
        {
            if (reaches && kind is null) return false;
            reach = kind is { } like ? Grants.Reach(like, permission) : DataReach.Company;
            return true;
        }
        reach = reaches ? Reaches.Find(word) : null;
        return reach is not null;
    }

    /// <summary>What a role grants otherwise than its kind by default, in the order of permissions; null: does not hold it.</summary>
    public static IReadOnlyList<KeyValuePair<string, DataReach?>> Otherwise(HeldRole role) =>
        [.. Permissions.All.Where(p => !role.IsDefault(p)).Select(p => KeyValuePair.Create(p, role.Reach(p)))];
}
