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
    public static DataScope Teams(long leader, int today) => new TeamsScope(leader, today);

    public static DataScope Of(Account person) => person.Role switch
    {
        Role.Agent => Self(person.Key),
        Role.Leader => Teams(person.Key, person.Today),
        Role.Admin => Company,
    };

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

    private sealed record TeamsScope(long Leader, int Today) : DataScope
    {
        public override string Covers(string personColumn) => $"""
            ({personColumn} = @scope_person OR {personColumn} IN (
              SELECT scope_m.person FROM person_team scope_m
              WHERE scope_m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = scope_m.person
                AND d.from_day <= @scope_day)
                AND (scope_m.team IN (SELECT g.team FROM managed_team g WHERE g.person = @scope_person)
                  OR scope_m.team = (SELECT o.team FROM person_team o WHERE o.person = @scope_person AND o.from_day <= @scope_day
                                     ORDER BY o.from_day DESC LIMIT 1))))
            """;

        protected override void AddTo(DynamicParameters parameters)
        {
            parameters.Add("scope_person", Leader);
            parameters.Add("scope_day", Today);
        }
    }
}
