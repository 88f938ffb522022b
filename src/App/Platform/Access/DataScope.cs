using Dapper;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Whose performance data may be seen: nobody's, the own, that of the own and managed teams, or everybody's. Stores put it
/// into their queries as one condition, so that what is outside is never read:
/// <code>connection.Query&lt;Row&gt;($"SELECT ... FROM person p WHERE {scope.Covers("p.key")}", scope.With(new { day }));</code>
/// </summary>
public abstract record DataScope
{
    private DataScope() { }

    public static readonly DataScope Nobody = new NobodyScope();
    public static readonly DataScope Company = new CompanyScope();
    public static DataScope Self(long person) => new SelfScope(person);

    /// <summary>
    /// People who are, on the workday <paramref name="today"/>, in the leader's team or in one the leader manages; and the leader.
    /// </summary>
    public static DataScope Teams(long leader, int today) => new TeamsScope(leader, today, AlsoManaged: true);

    /// <summary>People who are in the person's own team on that workday; and the person.</summary>
    public static DataScope OwnTeam(long person, int today) => new TeamsScope(person, today, AlsoManaged: false);

    /// <summary>People who share a group with the person on that workday; and the person.</summary>
    public static DataScope Groups(long person, int today) => new GroupsScope(person, today);

    /// <summary>People who are in the person's own division on that workday; and the person.</summary>
    public static DataScope Division(long person, int today) => new DivisionScope(person, today);

    public static DataScope Of(Account person, DataReach reach) => reach switch
    {
        DataReach.Self => Self(person.Key),
        DataReach.OwnTeam => OwnTeam(person.Key, person.Today),
        DataReach.ManagedTeams => Teams(person.Key, person.Today),
        DataReach.Groups => Groups(person.Key, person.Today),
        DataReach.Division => Division(person.Key, person.Today),
        DataReach.Company => Company,
    };

    /// <summary>
    /// Whether it is made of whole teams, so that what is told of a team as such, and of nobody, lies within it or without.
    /// </summary>
    public bool IsOfTeams => this is TeamsScope or CompanyScope or NobodyScope;

    /// <summary>SQL condition over the column that holds a person's key. Its parameters come from <see cref="With"/>.</summary>
    public abstract string Covers(string personColumn);

    /// <summary>The query's own parameters with those of the scope.</summary>
    public DynamicParameters With(object? parameters = null)
    {
        var all = new DynamicParameters(parameters);
        AddTo(all);
        return all;
    }

    protected abstract void AddTo(DynamicParameters parameters);

    /// <summary>People whom both cover.</summary>
    public DataScope And(DataScope other) =>
        this == other || other == Company ? this : this == Company ? other : new BothScope(this, other);

    private sealed record BothScope(DataScope One, DataScope Other) : DataScope
    {
        public override string Covers(string personColumn) => $"({One.Covers(personColumn)} AND {Other.Covers(personColumn)})";

        // All are of one person on one day: the same names hold the same values.
        protected override void AddTo(DynamicParameters parameters)
        {
            One.AddTo(parameters);
            Other.AddTo(parameters);
        }
    }

    private sealed record NobodyScope : DataScope
    {
        public override string Covers(string personColumn) => "1 = 0";
        protected override void AddTo(DynamicParameters parameters) { }
    }

    private sealed record CompanyScope : DataScope
    {
        public override string Covers(string personColumn) => "1 = 1";
        protected override void AddTo(DynamicParameters parameters) { }
    }

    private sealed record SelfScope(long Person) : DataScope
    {
        public override string Covers(string personColumn) => $"{personColumn} = @scope_person";
        protected override void AddTo(DynamicParameters parameters) => parameters.Add("scope_person", Person);
    }

    private sealed record TeamsScope(long Leader, int Today, bool AlsoManaged) : DataScope
    {
        public override string Covers(string personColumn) => $"""
            ({personColumn} = @scope_person OR {personColumn} IN (
              SELECT scope_m.person FROM person_team scope_m
              WHERE scope_m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = scope_m.person
                AND d.from_day <= @scope_day)
                AND ({(AlsoManaged ? "scope_m.team IN (SELECT g.team FROM managed_team g WHERE g.person = @scope_person) OR " : "")}
                  scope_m.team = (SELECT o.team FROM person_team o WHERE o.person = @scope_person AND o.from_day <= @scope_day
                                  ORDER BY o.from_day DESC LIMIT 1))))
            """;

        protected override void AddTo(DynamicParameters parameters)
        {
            parameters.Add("scope_person", Leader);
            parameters.Add("scope_day", Today);
        }
    }

    private sealed record GroupsScope(long Person, int Today) : DataScope
    {
        public override string Covers(string personColumn) => $"""
            ({personColumn} = @scope_person OR {personColumn} IN (
              SELECT scope_m.person FROM group_member scope_o
              JOIN group_member scope_m ON scope_m.people_group = scope_o.people_group
                AND scope_m.from_day <= @scope_day AND (scope_m.until IS NULL OR scope_m.until > @scope_day)
              WHERE scope_o.person = @scope_person
                AND scope_o.from_day <= @scope_day AND (scope_o.until IS NULL OR scope_o.until > @scope_day)))
            """;

        protected override void AddTo(DynamicParameters parameters)
        {
            parameters.Add("scope_person", Person);
            parameters.Add("scope_day", Today);
        }
    }

    private sealed record DivisionScope(long Person, int Today) : DataScope
    {
        // Who is in none shares it with nobody: null equals nothing.
        public override string Covers(string personColumn) => $"""
            ({personColumn} = @scope_person OR {personColumn} IN (
              SELECT scope_m.person FROM person_division scope_m
              WHERE scope_m.from_day = (SELECT MAX(d.from_day) FROM person_division d WHERE d.person = scope_m.person
                AND d.from_day <= @scope_day)
                AND scope_m.division = (SELECT o.division FROM person_division o
                                        WHERE o.person = @scope_person AND o.from_day <= @scope_day
                                        ORDER BY o.from_day DESC LIMIT 1)))
            """;

        protected override void AddTo(DynamicParameters parameters)
        {
            parameters.Add("scope_person", Person);
            parameters.Add("scope_day", Today);
        }
    }
}
