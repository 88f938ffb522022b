namespace Laurel.App.Platform.Access;

/// <summary>
/// Who is asking, for the length of one request. Read from the database at its beginning, so that a change of role, team
/// or password counts at once. Where an API key asks, nobody is
/// signed in, but there is an actor and a scope: keys belong to the organisation.
/// </summary>
public sealed class CurrentPerson
{
    private Account? account;
    private Actor? program;
    private IReadOnlySet<string>? programMay;

    public bool IsSignedIn => account is not null;
    public long Key => Known.Key;
    public string Id => Known.Id;
    public string Name => Known.Name;
    /// <summary>What the person holds.</summary>
    public HeldRole Holds => Known.Role;
    /// <summary>Which of Laurel's three the role is, or is like: which start page there is.</summary>
    public Role Role => Known.Role.Kind;
    /// <summary>Null where the person has no team today.</summary>
    public long? TeamKey => account?.TeamKey;
    public string? TeamName => account?.TeamName;
    /// <summary>Day number of today's workday at the own site.</summary>
    public int Today => Known.Today;
    /// <summary>Whether colleagues may see the person's badges.</summary>
    public bool SharesBadges => Known.SharesBadges;
    /// <summary>IANA name of the zone of the person's site, e.g. Europe/Vilnius; UTC where nobody is signed in.</summary>
    public string SiteZone => account?.SiteZone ?? "Etc/UTC";
    /// <summary>Chosen language, "en" or "lt"; null where the browser decides.</summary>
    public string? Lang => account?.Lang;
    public bool MustChangePassword => account?.MustChange ?? false;

    /// <summary>Of the photos as the request finds them; null where nobody has ever had one.</summary>
    internal string? PhotosVersion => account?.PhotosVersion;

    /// <summary>All product areas are off: nothing of achievements is there for anybody.</summary>
    public bool AchievementsAreOff => account?.AchievementsAreOff ?? false;

    /// <summary>May, and it is there.</summary>
    public bool Sees(string permission) => May(permission) && !(AchievementsAreOff && Permissions.OfAchievements.Contains(permission));

    public bool May(string permission) => account is { } a && a.Role.Holds(permission);

    /// <summary>Whether the person, or the scopes of the API key that asks, hold it.</summary>
    public bool Allows(string permission) =>
        account is null ? program is not null && programMay?.Contains(permission) != false : May(permission);

    /// <summary>
    /// Whose performance data this permission opens: as far as the person's role is granted it, everybody's where an API key asks,
    /// nobody's where it is not held. Every query behind a door is limited by the scope of the permission that the door names.
    /// </summary>
    public DataScope ScopeOf(string permission) =>
        !Permissions.Reaching.Contains(permission)
            ? throw new ArgumentException($"The permission {permission} is about nobody's data and has no reach.", nameof(permission))
        : account is { } a ? a.Role.Reach(permission) is { } reach ? DataScope.Of(a, reach) : DataScope.Nobody
        : program is null ? DataScope.Nobody : DataScope.Company;

    /// <summary>Null where the permission opens nothing, or a program asks, which sees everybody.</summary>
    public DataReach? ReachOf(string permission) => account?.Role.Reach(permission);

    /// <summary>When the request began, in Unix milliseconds: what is read for it is not older.</summary>
    public long Since { get; private set; }

    /// <summary>As the audit log names who acts.</summary>
    public Actor Actor => program ?? new(Known.Key, Known.Name, Via.Web);

    public void Become(Account person, long now) => (account, Since) = (person, now);

    /// <param name="may">What the scopes of the key hold; all where it is not said.</param>
    public void Become(Actor key, IReadOnlySet<string>? may = null) => (program, programMay) = (key, may);

    private Account Known => account ?? throw new InvalidOperationException("Nobody is signed in.");
}

/// <summary>A person with what access decisions need.</summary>
/// <param name="Stamp">Changes whenever all sessions must end.</param>
/// <param name="Today">Day number of today's workday at the person's site.</param>
public sealed record Account(
    long Key,
    string Id,
    string Name,
    HeldRole Role,
    bool Active,
    string Stamp,
    bool MustChange,
    long? TeamKey,
    string? TeamName,
    string SiteZone,
    int Today,
    string? Lang,
    bool SharesBadges)
{
    public bool AchievementsAreOff { get; init; }

    /// <summary>Changes whenever somebody's photo does; null where nobody has ever had one.</summary>
    public string? PhotosVersion { get; init; }
}
