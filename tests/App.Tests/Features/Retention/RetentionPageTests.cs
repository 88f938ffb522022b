using System.Net;
using Dapper;
using Laurel.App.Features.Retention;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Retention;

public sealed class RetentionPageTests
{
    [Fact]
    public async Task Page_shows_what_would_go_and_then_moves_the_horizon()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        (await admin.GetStringAsync("/sites")).ShouldContain("All activities are kept.");
        (await admin.GetStringAsync("/sites?horizon=2026-03-01")).ShouldContain("The last 90 days are always kept");
        (await admin.GetStringAsync("/sites?horizon=2025-11-01")).ShouldContain("Activities of before 2025-11-01: 0 counted, 0 held.");
        await LaurelApp.Post(admin, "/sites?horizon=2025-11-01", "retention", ("In.Day", "2025-11-01"));
        app.Services.GetRequiredService<Horizon>().Current().ShouldBe(Workday.Of(2025, 11, 1));
        (await LaurelApp.Post(admin, "/sites?horizon=2025-11-02", "retention", ("In.Day", "2025-10-01"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await admin.GetStringAsync("/sites")).ShouldContain("Activities of before 2025-11-01 are gone.");
        (await admin.GetStringAsync("/audit")).ShouldContain("Activities are kept from");
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT count(*) FROM audit WHERE action = 'setting.changed'").ShouldBe(1);
    }
}
