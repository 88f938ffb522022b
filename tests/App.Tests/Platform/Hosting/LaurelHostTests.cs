using Laurel.Storage;

namespace Laurel.App.Tests.Platform.Hosting;

public sealed class LaurelHostTests
{
    [Fact]
    public async Task Health_of_a_new_database_is_ok()
    {
        await using var app = await LaurelApp.Start();
        (await app.Client.GetStringAsync("/healthz")).ShouldBe("ok");
    }

    [Fact]
    public void Take_of_a_database_that_is_owned_is_refused_until_it_is_let_go()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("laurel-owner-").FullName, "a.db");
        using (var owner = DatabaseOwner.Take(path))
        {
            owner.ShouldNotBeNull();
            DatabaseOwner.Take(path).ShouldBeNull();
        }
        using var next = DatabaseOwner.Take(path);
        next.ShouldNotBeNull();
    }
}
