using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.People;

/// <summary>laurel person add and laurel password, as whoever types them meets them.</summary>
public sealed class PersonVerbTests : IDisposable
{
    private readonly LaurelProgram laurel = new();

    public void Dispose() => laurel.Dispose();

    [Fact]
    public async Task Add_says_who_was_added_and_what_had_waited()
    {
        await SetUp();
        laurel.Write("a.csv", "id,who,at\n1,zita,2026-03-01T08:53:00Z\n2,zita,2026-03-01T09:53:00Z\n");
        laurel.Write("m.yaml", """
            source: desk
            times: { at: { column: at, format: iso } }
            activities: [ { type: case, id: "{id}", person: who, at: at } ]
            """);
        (await laurel.Run("import", "a.csv", "--mapping", "m.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);
        await Says("Added jonas (Jonas Example), agent of care.", "jonas", "--name", "Jonas Example", "--team", "care");
        await Says("Added zita, agent. 2 activities that had waited for the key were counted.", "zita");
        await Says("Added ada, admin.", "ada", "--role", "admin");
    }

    /// <summary>What is kept by a script is the password alone.</summary>
    [Fact]
    public async Task Add_with_a_password_prints_the_password_and_says_the_rest_beside_it()
    {
        await SetUp();
        var ran = await laurel.Run("person", "add", "ada", "--role", "admin", "--password", "--database", "laurel.db");
        ran.Exit.ShouldBe(0, ran.Says);
        ran.Out.Trim().ShouldMatch(@"^\S+$");
        ran.Err.Trim().ShouldBe("Added ada, admin. The password is shown this once, and is changed at the first sign-in.");
    }

    private async Task SetUp()
    {
        laurel.Write("setup.yaml", """
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            teams: [ { id: care, name: Care } ]
            people: [ { id: greta } ]
            activity-types: [ { id: case } ]
            """);
        (await laurel.Run("apply", "setup.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);
    }

    private async Task Says(string expected, params string[] arguments)
    {
        var ran = await laurel.Run(["person", "add", .. arguments, "--database", "laurel.db"]);
        (ran.Exit, ran.Out.Trim(), ran.Err).ShouldBe((0, expected, ""), ran.Says);
    }
}
