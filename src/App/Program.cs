using System.CommandLine;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Demo;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.People;
using Laurel.App.Features.Recalculation;
using Laurel.App.Features.Serving;
using Laurel.App.Features.Settings;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Hosting;

// The web application is made in Platform/Hosting/LaurelHost.cs.
var laurel = new RootCommand("Laurel, recognition for contact centres: the web application, the API and its tools in one program.")
{
    ServeVerb.Command(),
    DemoVerb.Command(),
    ApplyVerb.Command(),
    ImportVerb.Command(TimeProvider.System),
    ExportVerb.Command(TimeProvider.System),
    AwardsVerb.Command(),
    RecalculateVerb.Command(TimeProvider.System, Verb.Ask),
    ValuesVerb.Command(database => ImportValuesVerb.Command(database, TimeProvider.System)),
    VerifyVerb.Command(TimeProvider.System),
    KeyVerb.Command(),
    PersonVerbs.Person(),
    PersonVerbs.Password(),
};

return await CommandLine.Run(laurel, args);
